/** A fake of the admin server: what a gateway with every plugin would say, and a memory of what it was told. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Json = Record<string, unknown>;

export interface AdminFake {
  readonly url: string;
  readonly port: number;
  /** Requests other than GET, in order. */
  readonly changes: { method: string; path: string; authorization: string | undefined; body: unknown }[];
  /** What is answered at /status; tests change it. */
  status: Json;
  /** What is answered at /events. */
  eventAnswer: Json;
  /** Answers instead of everything below, when set. */
  override: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  stop(): Promise<void>;
  /** Listens again, where it did. */
  resume(): Promise<void>;
}

export const FAKE_TOKEN = "fake-token";

export function fakeStatus(): Json {
  const traffic = {
    rps: 12.14,
    error_rate: 1.5,
    in_flight: 3,
    latency_p50: 0.003,
    latency_p90: 0.01,
    latency_p99: 0.1,
  };
  const time = Date.now() / 1000;
  return {
    version: "0.1.0",
    time,
    worker: 0,
    workers: 4,
    writable: true,
    node: {
      connections: { active: 7, reading: 0, writing: 1, waiting: 6 },
      cpu_ratio: 0.12,
      memory_bytes: 123_456_789,
      loop_lag_seconds: 0.001,
      pressure: 0.1,
      uptime_seconds: 7500,
    },
    routes: {
      users: {
        path: "/users",
        // Lua's encoder cannot tell an empty list from an empty record.
        hosts: {},
        methods: ["GET"],
        upstream: "users",
        plugins: ["circuit-breaker", "endpoint-metrics"],
        ...traffic,
        history: { step_seconds: 5, rps: [0, 2, 4, 8, 12.14], error_rate: [0, 0, 0, 0, 1.5] },
      },
      orders: {
        path: "/orders",
        hosts: ["api.example.com"],
        upstream: "orders",
        plugins: {},
        rps: 250,
        error_rate: 40,
      },
    },
    upstreams: {
      users: {
        protocol: "http",
        picked_by: "lua",
        policy: "peak-ewma",
        panic: false,
        peers_available: 1,
        peers_total: 4,
        sources: {
          "consul users at 127.0.0.1:8500": {
            state: "failing",
            since: time - 95,
            problem: "it cannot be reached: connection refused",
            peers: 4,
          },
        },
        ...traffic,
        desired_replicas: 3,
        reason: "12.1 rps over 4 a replica",
        peers: {
          "10.0.0.1:8080": {
            state: "up",
            weight: 1,
            priority: 0,
            zone: "eu-1a",
            takes_requests: true,
            in_flight: 2,
            latency_seconds: 0.0042,
          },
          "10.0.0.2:8080": { state: "drain", why: "deploy", weight: 2, override_until: time + 240 },
          "10.0.0.3:8080": {
            state: "ejected",
            why: "5 failed requests in a row",
            weight: 1,
            priority: 0,
            ejected_until: time + 40,
            ejections: 2,
            takes_requests: false,
          },
          "10.0.0.4:8080": { state: "unhealthy", why: "a probe failed: timeout", weight: 1, priority: 0 },
        },
      },
    },
    breakers: {
      "route:users": { state: "closed", reason: "start", since: time - 100, until: 0, failure_rate: 1.5, calls: 120 },
      "route:orders": {
        state: "open",
        reason: "too many failures",
        since: time - 5,
        until: time + 25,
        failure_rate: 60,
        calls: 40,
      },
    },
    limits: { users: { factor: 0.5, limit: 100, reason: "high latency", until: time + 60 } },
    concurrency: { users: { limit: 20, in_flight: 3 } },
    plugins: { "circuit-breaker": { errors: 0, seconds: 0.12 } },
  };
}

const decisions = [
  {
    time: 1_763_789_000,
    plugin: "circuit-breaker",
    subject: "route:orders",
    from: "closed",
    to: "open",
    reason: "too many failures",
    inputs: {},
  },
];

/** @param token undefined: a gateway without a token, which takes no changes */
export async function startAdminFake(token: string | undefined = FAKE_TOKEN): Promise<AdminFake> {
  const server = createServer((request, response) => {
    if (fake.override !== undefined) fake.override(request, response);
    else void answer(fake, token, request, response);
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const fake: AdminFake = {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    changes: [],
    status: fakeStatus(),
    eventAnswer: {
      alerts: [{ alertname: "HighLoad", status: "firing", actions: [] }],
      done: 0,
      failed: 0,
      unmatched: 1,
    },
    override: undefined,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    resume: () => listen(port),
  };
  return fake;
}

function send(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(value)}\n`);
}

async function answer(fake: AdminFake, token: string | undefined, request: IncomingMessage, response: ServerResponse) {
  const { pathname } = new URL(request.url ?? "/", fake.url);
  const path = decodeURIComponent(pathname);
  const method = request.method ?? "";
  if (method === "GET") {
    if (path === "/status") send(response, 200, fake.status);
    else if (path === "/decisions") send(response, 200, { decisions, kept: 200 });
    else send(response, 404, { error: "E_ADMIN_PATH", message: "there is no such page" });
    return;
  }
  const body = JSON.parse(await text(request)) as Json;
  fake.changes.push({ method, path, authorization: request.headers.authorization, body });
  if (token === undefined) {
    send(response, 403, { error: "E_ADMIN_READ_ONLY", message: "no admin.token is set, so nothing can be changed" });
  } else if (request.headers.authorization !== `Bearer ${token}`) {
    send(response, 401, { error: "E_ADMIN_TOKEN", message: "send the admin token as Authorization: Bearer" });
  } else change(fake, path, body, response);
}

function change(fake: AdminFake, path: string, body: Json, response: ServerResponse): void {
  const seconds = typeof body["ttl_seconds"] === "number" ? body["ttl_seconds"] : 300;
  const until = Date.now() / 1000 + seconds;
  const [, collection = "", name = "", , peer = ""] = path.split("/");
  const things = fake.status[collection] as Record<string, Record<string, Json>> | undefined;
  const thing = peer === "" ? things?.[name] : (things?.[name]?.["peers"]?.[peer] as Json | undefined);
  if (path === "/events") {
    send(response, 200, fake.eventAnswer);
  } else if (thing === undefined) {
    send(response, 404, { error: "E_ADMIN_PATH", message: "there is no such thing" });
  } else if (body["state"] === "down" && things?.[name]?.["picked_by"] !== ("lua" as unknown)) {
    send(response, 409, { error: "E_PEERS_FIXED", message: "nginx picks these peers" });
  } else if (collection === "breakers") {
    const state = body["state"] === "auto" ? "closed" : `forced_${String(body["state"])}`;
    send(response, 200, { ...thing, state, reason: body["reason"] ?? "by hand", until });
  } else if (collection === "limits") {
    send(response, 200, { ...thing, factor: body["factor"], reason: body["reason"] ?? "by hand", until });
  } else if (body["state"] === "up" && (thing["state"] === "ejected" || thing["state"] === "unhealthy")) {
    // What health says of a peer is no override, and nobody's word ends it.
    send(response, 200, thing);
  } else {
    const weight = body["weight"] ?? thing["weight"];
    send(response, 200, {
      ...thing,
      weight,
      state: body["state"],
      why: body["reason"] ?? "by hand",
      override_until: until,
    });
  }
}
