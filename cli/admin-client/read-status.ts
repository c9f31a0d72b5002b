import { AutoscaleError } from "../errors.ts";
import type { AdminClient } from "./admin-client.ts";
import { AdminRefusal } from "./admin-client.ts";
import { readBoolean, readFields, readList, readNumber, readRecord, readText } from "./loose.ts";
import { readTraffic, readUpstream } from "./read-upstream.ts";
import type { ControlStatus, DecisionStatus, GatewayStatus, NodeStatus, RouteStatus } from "./status.ts";

type Fields = Readonly<Record<string, unknown>>;

/** @throws AutoscaleError when this is not what a gateway says */
export function readStatus(value: unknown, url: string): GatewayStatus {
  const fields = readRecord(value);
  const version = readText(fields["version"]);
  if (version === undefined) {
    throw new AutoscaleError({
      code: "E_ADMIN_ANSWER",
      message: `found JSON at ${url}/status that is not a gateway's`,
      remedy: "Name the admin server's address with --admin: its port is `admin.port` of gateway.yaml.",
    });
  }
  return {
    version,
    time: readNumber(fields["time"]) ?? Date.now() / 1000,
    workers: readNumber(fields["workers"]),
    writable: readBoolean(fields["writable"]),
    node: readNode(readRecord(fields["node"])),
    routes: readFields(fields["routes"], readRoute),
    upstreams: readFields(fields["upstreams"], readUpstream),
    breakers: readFields(fields["breakers"], readControl),
    limits: readFields(fields["limits"], readControl),
    concurrency: readFields(fields["concurrency"], readControl),
    plugins: readFields(fields["plugins"], (name, { errors }) => ({ name, errors: readNumber(errors) ?? 0 })),
  };
}

/** Newest first. A gateway that keeps none gives an empty list. */
export async function fetchDecisions(client: AdminClient, limit: number): Promise<readonly DecisionStatus[]> {
  try {
    const { decisions } = readRecord(await client.get(`/decisions?limit=${limit}`));
    return readList(decisions).map((decision) => readDecision(readRecord(decision)));
  } catch (error) {
    if (error instanceof AdminRefusal && error.status === 404) return [];
    throw error;
  }
}

const texts = (value: unknown): string[] =>
  readList(value)
    .map(readText)
    .filter((text) => text !== undefined);

function readNode(fields: Fields): NodeStatus {
  return {
    activeConnections: readNumber(readRecord(fields["connections"])["active"]),
    cpuRatio: readNumber(fields["cpu_ratio"]),
    memoryBytes: readNumber(fields["memory_bytes"]),
    loopLagSeconds: readNumber(fields["loop_lag_seconds"]),
    pressure: readNumber(fields["pressure"]),
    uptimeSeconds: readNumber(fields["uptime_seconds"]),
  };
}

function readRoute(name: string, fields: Fields): RouteStatus {
  return {
    name,
    path: readText(fields["path"]),
    hosts: texts(fields["hosts"]),
    methods: texts(fields["methods"]),
    upstream: readText(fields["upstream"]),
    plugins: texts(fields["plugins"]),
    rpsHistory: readList(readRecord(fields["history"])["rps"]).map((value) => readNumber(value) ?? 0),
    ...readTraffic(fields),
  };
}

/** Also of the answer to a change. */
export function readControl(name: string, fields: Fields): ControlStatus {
  const { since, until, override_until: overrideUntil, ...others } = fields;
  const figures = Object.entries(others).flatMap(([key, value]) => {
    const figure = readNumber(value);
    return figure === undefined ? [] : [[key, figure] as const];
  });
  return {
    name,
    state: readText(fields["state"]),
    reason: readText(fields["reason"]),
    since: readNumber(since),
    until: readNumber(until) ?? readNumber(overrideUntil),
    figures: Object.fromEntries(figures),
  };
}

function readDecision(fields: Fields): DecisionStatus {
  const text = (name: string): string => readText(fields[name]) ?? "";
  return {
    time: readNumber(fields["time"]) ?? 0,
    plugin: text("plugin"),
    subject: text("subject"),
    from: text("from"),
    to: text("to"),
    reason: text("reason"),
  };
}
