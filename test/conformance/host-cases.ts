/** What every host does with plugins, whatever gateway it is. `hostConformance` runs the cases on one of them. */
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { answering, startBackend, type Backend } from "../harness/backend.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { freePort } from "../harness/free-port.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { BREAKER_CASES } from "./host-breaker-cases.ts";
import { CONTEXT_CASES } from "./host-context-cases.ts";
import { CONCURRENCY_CASES, RATE_LIMIT_CASES } from "./host-limit-cases.ts";
import { METRICS_CASES } from "./host-metrics-cases.ts";
import { PROBE_FILES } from "./host-probe.ts";
import type { ProbeCase, Stage } from "./host-stage.ts";
import type { HostKind, Written } from "./host-under-test.ts";
import { UPSTREAM_CASES } from "./host-upstream-cases.ts";
import { UPSTREAM_SET_CASES } from "./host-upstream-set-cases.ts";

const THROWING = ["rewrite", "access", "header_filter", "body_filter", "log"];

function gatewayOf(one: Backend, other: Backend): Written {
  const probe = { other: "other" };
  const route = (name: string, plugins: object): object => ({ name, path: `/${name}`, upstream: "one", plugins });
  return {
    custom_plugins: ["plugins"],
    upstreams: {
      one: { targets: [one.target], retries: { attempts: 0 } },
      other: { targets: [other.target] },
      chosen: { targets: [one.target] },
    },
    routes: [
      route("probe", { gatekeeper: {}, probe }),
      route("shadow", { probe: { ...probe, mode: "shadow" } }),
      route("off", { probe: { ...probe, mode: "off" } }),
      route("create", { probe: { at: "create" } }),
      { name: "peer", path: "/peer", upstream: "chosen", plugins: { probe: { peers: true } } },
      ...THROWING.map((at) => route(at, { gatekeeper: {}, probe: { at } })),
    ],
  };
}

const PROBE_CASES: readonly ProbeCase[] = [
  {
    name: "a request passes, and the plugin knows its place",
    run: async ({ get, one }) => {
      const answer = await get("/probe/x?q=1");
      expect([answer.status, answer.body]).toEqual([200, "one"]);
      expect(answer.headers["x-place"]).toBe("probe one");
      expect(one.arrived.at(-1)).toMatchObject({ url: "/probe/x?q=1", headers: { "x-rewritten": "probe" } });
    },
  },
  {
    name: "a rejection has its status, headers and body, and asks no upstream",
    run: async ({ get, one }) => {
      const before = one.arrived.length;
      const answer = await get("/probe", { "x-do": "reject" });
      expect([answer.status, answer.body]).toEqual([429, "no\n"]);
      expect(answer.headers).toMatchObject({ "retry-after": "7", "x-by": "probe", "content-length": "3" });
      expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
      expect(one.arrived.length).toBe(before);
    },
  },
  {
    name: "a rejection's own content type holds",
    run: async ({ get }) => {
      const answer = await get("/probe", { "x-do": "typed" });
      expect([answer.status, answer.headers["content-type"], answer.body]).toEqual([200, "application/json", "{}"]);
    },
  },
  {
    name: "a redirect",
    run: async ({ get }) => {
      const answer = await get("/probe", { "x-do": "redirect" });
      expect([answer.status, answer.headers.location, answer.body]).toEqual([302, "/elsewhere", ""]);
    },
  },
  {
    name: "a request is sent to another upstream",
    run: async ({ get, other }) => {
      const answer = await get("/probe/y", { "x-do": "route" });
      expect([answer.status, answer.body]).toEqual([200, "other"]);
      expect(other.arrived.at(-1)?.url).toBe("/probe/y");
    },
  },
  {
    name: "a request is sent to a peer",
    run: async ({ get, other }) => {
      const answer = await get("/peer/z", { "x-do": "peer", "x-port": String(other.port), host: "shown.example" });
      expect([answer.status, answer.body]).toEqual([200, "other"]);
      expect(other.arrived.at(-1)).toMatchObject({ url: "/peer/z", headers: { host: "shown.example" } });
    },
  },
  {
    name: "a peer that a plugin chose and that is not there: one of the upstream's own is asked, the Host header stays",
    run: async ({ get, one }) => {
      const dead = { "x-do": "peer", "x-port": String(await freePort()), host: "shown.example" };
      const answer = await get("/peer/w", dead);
      expect([answer.status, answer.body]).toEqual([200, "one"]);
      expect(one.arrived.at(-1)).toMatchObject({ url: "/peer/w", headers: { host: "shown.example" } });
    },
  },
  {
    name: "a header of the answer is removed, and the body changed",
    run: async ({ get }) => {
      const answer = await get("/probe", { "x-do": "shout" });
      expect([answer.status, answer.body]).toEqual([200, "ONE"]);
      expect(answer.headers["x-hidden"]).toBeUndefined();
    },
  },
  {
    name: "log sees the status, the duration and that an upstream answered",
    run: async ({ get, saw, one }) => {
      one.respond = async (_arrived, response) => {
        await new Promise((resolve) => setTimeout(resolve, 150));
        response.writeHead(502).end("one");
      };
      const answer = await get("/probe", { "x-id": "slow" });
      one.respond = answering(200, { "x-hidden": "h" });
      expect(answer.status).toBe(502);
      expect(await saw("probe", "slow")).toBe("502 proxied kept long");
    },
  },
  {
    name: "log sees a rejection as the gateway's own answer",
    run: async ({ get, saw }) => {
      await get("/probe", { "x-do": "reject", "x-id": "rejected" });
      expect(await saw("probe", "rejected")).toBe("429 answered kept nothing");
    },
  },
  {
    name: "what a request remembers is there in later phases, and not in the next request",
    run: async ({ get, saw }) => {
      for (let index = 0; index < 20; index++) {
        const kept = await get("/probe", { "x-id": `kept-${String(index)}` });
        expect(kept.headers["x-mark"]).toBe("kept");
        const denied = await get("/probe", { "x-deny": "yes", "x-id": `denied-${String(index)}` });
        expect([denied.status, denied.body, denied.headers["x-mark"]]).toEqual([503, "denied", "none"]);
      }
      expect(await saw("probe", "denied-19")).toBe("503 answered nil nothing");
    },
  },
  {
    name: "a plugin whose access was skipped still filters and logs",
    run: async ({ get, saw }) => {
      const answer = await get("/probe", { "x-deny": "yes", "x-id": "skipped" });
      expect([answer.status, answer.headers["x-by"], answer.headers["x-mark"]]).toEqual([503, "gatekeeper", "none"]);
      expect(await saw("probe", "skipped")).toBe("503 answered nil nothing");
    },
  },
  {
    name: "a plugin that throws fails no request, in no phase",
    run: async ({ get, host }) => {
      const errors = async (): Promise<number> => {
        return metric(await host.metrics(), 'gateway_plugin_errors_total{plugin="probe"}') ?? 0;
      };
      const before = await errors();
      for (const phase of THROWING) {
        for (let index = 0; index < 4; index++) {
          const answer = await get(`/${phase}`);
          expect([phase, answer.status, answer.body]).toEqual([phase, 200, "one"]);
        }
        const denied = await get(`/${phase}`, { "x-deny": "yes" });
        expect([phase, denied.status, denied.body]).toEqual([phase, 503, "denied"]);
      }
      await eventually("each is counted", async () => (await errors()) >= before + THROWING.length * 4);
    },
  },
  {
    name: "a plugin that throws is logged once an interval in each worker",
    run: async ({ get, host }) => {
      for (let index = 0; index < 12; index++) await get("/access");
      const log = await host.log();
      const told = log.split("\n").filter((line) => line.includes("thrown on purpose in access"));
      expect(told.length).toBeGreaterThanOrEqual(1);
      // Two workers, and at most two intervals of ten seconds have begun.
      expect(told.length).toBeLessThanOrEqual(4);
      expect(told[0]).toMatch(/plugin "probe" failed in access; the request went on without it/);
    },
  },
  {
    name: "a plugin that cannot be created is left out, and said so",
    run: async ({ get, host }) => {
      for (let index = 0; index < 8; index++) {
        const answer = await get("/create");
        expect([answer.status, answer.headers["x-mark"]]).toEqual([200, undefined]);
      }
      const told = (await host.log()).split("\n").filter((line) => line.includes("thrown on purpose in create"));
      expect(told.length).toBeGreaterThanOrEqual(1);
      expect(told.length).toBeLessThanOrEqual(2);
    },
  },
  {
    name: "shadow mode is the plugin's to know; off is nothing at all",
    run: async ({ get }) => {
      const shadow = await get("/shadow", { "x-do": "reject" });
      expect([shadow.status, shadow.headers["x-mark"]]).toEqual([200, "kept"]);
      const off = await get("/off", { "x-do": "reject" });
      expect([off.status, off.headers["x-mark"]]).toEqual([200, undefined]);
    },
  },
  {
    name: "resources and metrics of plugins are shown",
    run: async ({ host, get }) => {
      await get("/probe");
      expect((await host.status())["probes"]).toMatchObject({ probe: {} });
      expect(await host.metrics()).toContain('gateway_probe_seen{route="probe"} 1');
    },
  },
  {
    name: "a push changes what plugins do, while requests go on",
    run: async ({ host, get, one, other }) => {
      const config = gatewayOf(one, other) as { routes: { name: string; plugins: object }[] };
      const changed = config.routes.map((route) => {
        return route.name === "off" ? { ...route, plugins: { probe: { other: "other" } } } : route;
      });
      const load = { going: true, statuses: new Set<number>() };
      const loading = (async () => {
        while (load.going) load.statuses.add((await get("/probe")).status);
      })();
      await host.push({ ...config, routes: changed });
      load.going = false;
      await loading;
      expect([...load.statuses]).toEqual([200]);
      expect((await get("/off", { "x-do": "reject" })).status).toBe(429);
      await host.push(config);
      expect((await get("/off", { "x-do": "reject" })).status).toBe(200);
    },
  },
];

interface PluginCase {
  readonly name: string;
  /** Why it cannot be run here, whatever the host. */
  readonly lacks?: string | undefined;
  run(kind: HostKind, atEnd: (end: () => Promise<void>) => void): Promise<void>;
}

/** By plugin. Each case starts a gateway of its own. */
const PLUGIN_CASES: Readonly<Record<string, readonly PluginCase[]>> = {
  "circuit-breaker": BREAKER_CASES,
  "endpoint-metrics": METRICS_CASES,
  "dynamic-upstreams": [...UPSTREAM_CASES, ...UPSTREAM_SET_CASES],
  "adaptive-rate-limit": RATE_LIMIT_CASES,
  "adaptive-concurrency": CONCURRENCY_CASES,
};

async function stageOf(kind: HostKind): Promise<Stage & { end(): Promise<void> }> {
  const named = (name: string) => startBackend({ respond: (_arrived, response) => void response.end(name) });
  const [one, other] = [await named("one"), await named("other")];
  const host = await kind.start(gatewayOf(one, other), { files: PROBE_FILES, workers: 2 });
  const shown: Stage["shown"] = (route, name, id) =>
    eventually(`the probe of ${route} shows ${name} of ${id}`, async () => {
      const probes = (await host.status())["probes"] as Record<string, Record<string, string>> | undefined;
      const [first, ...rest] = (probes?.[route]?.[name] ?? "").split(" ");
      return first === id && rest.join(" ");
    });
  return {
    host,
    one,
    other,
    get: (path, headers = {}, options = {}) => send(`${host.url}${path}`, { ...options, headers }),
    saw: (route, id) => shown(route, "saw", id),
    shown,
    end: async () => {
      await host.stop();
      await one.stop();
      await other.stop();
    },
  };
}

/** Runs every case on a host; those that it declares as gaps are skipped, and the name says why. */
export function hostConformance(kind: HostKind): void {
  const caseTest = (name: string, body: () => Promise<void>, lacks?: string): void => {
    const gap = kind.gaps[name] ?? lacks;
    if (gap === undefined) test(`${kind.name}: ${name}`, body);
    else test.skip(`${kind.name}: ${name} (${gap})`, body);
  };
  describeWithEngine(`${kind.name}: plugins`, () => {
    let stage: Awaited<ReturnType<typeof stageOf>>;
    beforeAll(async () => {
      stage = await stageOf(kind);
    });
    afterAll(() => stage.end());
    for (const { name, run } of [...PROBE_CASES, ...CONTEXT_CASES]) {
      caseTest(name, async () => {
        stage.one.respond = (_arrived, response) => void response.setHeader("x-hidden", "h").end("one");
        await run(stage);
      });
    }
  });
  for (const [plugin, cases] of Object.entries(PLUGIN_CASES)) {
    describeWithEngine(`${kind.name}: ${plugin}`, () => {
      for (const { name, run, lacks } of cases) {
        const body = (): Promise<void> =>
          run(kind, (end) => {
            onTestFinished(end);
          });
        caseTest(name, body, lacks);
      }
    });
  }
  test(`${kind.name}: its gaps are cases`, () => {
    const names = [...PROBE_CASES, ...CONTEXT_CASES, ...Object.values(PLUGIN_CASES).flat()].map(({ name }) => name);
    expect(Object.keys(kind.gaps).filter((name) => !names.includes(name))).toEqual([]);
  });
}
