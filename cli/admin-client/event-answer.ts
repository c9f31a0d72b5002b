import type { Problem } from "../errors.ts";
import { readList, readRecord, readText } from "./loose.ts";

/** What a gateway made of an alert. */
export interface AlertAnswer {
  readonly name: string;
  /** firing or resolved. */
  readonly status: string;
  readonly actions: readonly AlertAction[];
}

/** What a rule of `admin.events` says to do. */
export interface AlertAction {
  /** As in the admin server's paths: `breakers/route:users`. */
  readonly target: string;
  /** `state=open ttl_seconds=300` */
  readonly set: string;
  /** Why it was not done. */
  readonly problem: Problem | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

export function readEventAnswer(value: unknown): readonly AlertAnswer[] {
  return readList(readRecord(value)["alerts"]).map((alert) => {
    const { alertname, status, actions } = readRecord(alert);
    return {
      name: readText(alertname) ?? "without a name",
      status: readText(status) ?? "",
      actions: readList(actions).map((action) => readAction(readRecord(action))),
    };
  });
}

function readAction({ rule, target: written, set, ok, message }: Fields): AlertAction {
  const target = readText(written) ?? "";
  const sorted = Object.entries(readRecord(set)).sort(([a], [b]) => (a < b ? -1 : 1));
  const problem: Problem = {
    code: "E_EVENT_FAILED",
    message: `${target}: ${readText(message) ?? "refused without a reason"}`,
    ...(typeof rule === "number" ? { remedy: `See admin.events[${rule}] of gateway.yaml.` } : {}),
  };
  return {
    target,
    set: sorted.map(([name, to]) => `${name}=${readText(String(to)) ?? ""}`).join(" "),
    problem: ok === true ? undefined : problem,
  };
}
