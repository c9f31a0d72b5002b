/** `POST /events`: alerts become the changes that the rules of `admin.events` say. */
import type { ChangeResult } from "../../../nginx/runtime/admin-change.ts";
import { type PostedAlert, readAlerts } from "../../../nginx/runtime/alert-payload.ts";
import { actionsFor, type AlertAction, type AlertRule } from "../../../nginx/runtime/alert-rules.ts";
import { decisionEvents } from "../../../nginx/runtime/decision-events.ts";
import { jsonList } from "../../../nginx/runtime/json-text.ts";

type Fields = Readonly<Record<string, unknown>>;

/** How changes are made. */
export interface Changers {
  /** @param path `/<collection>/<id>` */
  readonly resource: (this: void, path: string, fields: Fields) => ChangeResult;
  readonly peer: (this: void, upstream: string, key: string, fields: Fields) => ChangeResult;
}

/** One action as the answer tells it. */
interface Told {
  /** As in gateway.yaml: `admin.events[0]`. */
  readonly rule: number;
  readonly target: string;
  readonly set: Fields;
  readonly ok: boolean;
  readonly error?: string;
  readonly message?: string;
}

function targetOf({ kind, id, peer }: AlertAction): string {
  if (kind === "peer") {
    return `upstreams/${id}/peers/${peer ?? ""}`;
  }
  return kind === "breaker" ? `breakers/${id}` : `limits/${id}`;
}

function perform(action: AlertAction, target: string, changers: Changers): ChangeResult {
  if (action.missing !== undefined) {
    const message = `the alert has no label "${action.missing}"`;
    return { status: 422, shown: { error: "E_EVENT_LABEL", message } };
  }
  if (action.kind === "peer") {
    return changers.peer(action.id, action.peer ?? "", action.fields);
  }
  return changers.resource(`/${target}`, action.fields);
}

function tell(action: AlertAction, changers: Changers): Told {
  const { rule, fields } = action;
  const target = targetOf(action);
  const { status, shown } = perform(action, target, changers);
  if (status === 200) {
    return { rule, target, set: fields, ok: true };
  }
  const { error: code = "E_ADMIN_FAILED", message = "" } = shown as { error?: string; message?: string };
  return { rule, target, set: fields, ok: false, error: code, message };
}

function record(alert: PostedAlert, done: number, failed: number): void {
  decisionEvents.emit({
    plugin: "admin",
    subject: `alert:${alert.labels["alertname"] ?? ""}`,
    from: "event",
    to: alert.status,
    reason:
      failed === 0 ? "the rules of admin.events were followed" : "not all rules of admin.events could be followed",
    inputs: { done, failed, fingerprint: alert.fingerprint ?? "" },
  });
}

/** What was done of each alert; a call that cannot be read changes nothing. */
export function takeEvents(rules: readonly AlertRule[], fields: Fields, changers: Changers): ChangeResult {
  const alerts = readAlerts(fields);
  if (type(alerts) === "string") {
    return { status: 422, shown: { error: "E_ADMIN_VALUE", message: alerts } };
  }
  const total = { done: 0, failed: 0, unmatched: 0 };
  const shown: object[] = [];
  for (const alert of alerts as readonly PostedAlert[]) {
    const told: Told[] = [];
    let failed = 0;
    for (const action of actionsFor(rules, alert)) {
      const one = tell(action, changers);
      told.push(one);
      failed += one.ok ? 0 : 1;
    }
    const { status, labels, fingerprint } = alert;
    shown.push({ alertname: labels["alertname"], status, fingerprint, actions: jsonList(told) });
    if (told.length === 0) {
      total.unmatched += 1;
    } else {
      record(alert, told.length - failed, failed);
    }
    total.done += told.length - failed;
    total.failed += failed;
  }
  const { done, failed, unmatched } = total;
  return { status: 200, shown: { alerts: jsonList(shown), done, failed, unmatched } };
}
