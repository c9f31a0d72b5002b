/** What endpoint-metrics shows, whatever gateway it runs in. */
import { expect } from "vitest";
import { gate, startBackend } from "../harness/backend.ts";
import { eventually } from "../harness/eventually.ts";
import { send, sendMany } from "../harness/http-request.ts";
import { total } from "../harness/metrics-text.ts";
import { PROBE_FILES } from "./host-probe.ts";
import type { HostKind, HostUnderTest, Written } from "./host-under-test.ts";

interface MetricsCase {
  readonly name: string;
  run(kind: HostKind, atEnd: (end: () => Promise<void>) => void): Promise<void>;
}

async function measured(kind: HostKind, atEnd: (end: () => Promise<void>) => void, plugin: object = {}) {
  const backend = await startBackend();
  atEnd(() => backend.stop());
  const config = (settings: object): Written => ({
    custom_plugins: ["plugins"],
    upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } } },
    routes: [
      { name: "users", path: "/users", upstream: "one", plugins: { gatekeeper: {}, "endpoint-metrics": settings } },
    ],
  });
  const host = await kind.start(config(plugin), { files: PROBE_FILES, workers: 2 });
  atEnd(() => host.stop());
  return { host, backend, config };
}

/** What is told of routes: on some hosts each plugin's page tells of the node too. */
async function routesOf(host: HostUnderTest): Promise<string> {
  const lines = (await host.metrics()).split("\n");
  return lines.filter((line) => line.includes('route="')).join("\n");
}

function shows(host: HostUnderTest, name: string, expected: number, part = ""): Promise<string> {
  return eventually(`${name} with ${part} is ${expected}`, async () => {
    const text = await routesOf(host);
    return total(text, name, part) === expected && text;
  });
}

export const METRICS_CASES: readonly MetricsCase[] = [
  {
    name: "requests are counted by method, route, status and upstream over all workers",
    run: async (kind, atEnd) => {
      const { host, backend } = await measured(kind, atEnd);
      await sendMany(6, `${host.url}/users`);
      await sendMany(3, `${host.url}/users`, { method: "POST", body: "abc" });
      backend.respond = (_arrived, response) => void response.writeHead(500).end("no");
      await sendMany(2, `${host.url}/users`);
      const text = await shows(host, "gateway_requests_total", 11);
      expect(total(text, "gateway_requests_total", 'method="GET",route="users",status="2xx"')).toBe(6);
      expect(total(text, "gateway_requests_total", 'method="POST",route="users",status="2xx"')).toBe(3);
      expect(total(text, "gateway_request_errors_total")).toBe(2);
      expect(total(text, "gateway_request_duration_seconds_bucket", 'le="+Inf"')).toBe(11);
      expect(total(text, "gateway_upstream_duration_seconds_count")).toBe(11);
      expect(total(text, "gateway_response_bytes_total")).toBeGreaterThan(11 * 40);
    },
  },
  {
    name: "requests under way go up and down",
    run: async (kind, atEnd) => {
      const { host, backend } = await measured(kind, atEnd);
      const held = gate();
      backend.respond = held.respond;
      const answers = sendMany(3, `${host.url}/users`);
      await shows(host, "gateway_requests_in_flight", 3);
      held.open();
      await answers;
      await shows(host, "gateway_requests_in_flight", 0);
    },
  },
  {
    name: "another configuration counts on, and its labels come from the request",
    run: async (kind, atEnd) => {
      const { host, config } = await measured(kind, atEnd);
      await sendMany(4, `${host.url}/users`);
      await shows(host, "gateway_requests_total", 4);
      await host.push(config({ labels: { tenant: "header:X-Tenant" } }));
      await eventually("the new configuration counts", async () => {
        await send(`${host.url}/users`, { headers: { "x-tenant": "acme" } });
        return total(await routesOf(host), "gateway_requests_total", 'tenant="acme"') > 0;
      });
      expect(total(await routesOf(host), "gateway_requests_total")).toBeGreaterThanOrEqual(5);
    },
  },
];
