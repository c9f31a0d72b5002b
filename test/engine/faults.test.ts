import { expect, onTestFinished, test } from "vitest";
import { startBackend, type Backend } from "../harness/backend.ts";
import { GUARDED, statusesInTurn, TOUCHY } from "../harness/breaker-gateway.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { metric } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pinWorkers, TELL_WORKER } from "../harness/pinned-workers.ts";
import { runExplain } from "../harness/run-explain.ts";
import { send } from "../harness/http-request.ts";

/** Line 7 throws. */
const THROWER = `import type { Create } from "autoscale-lua";

interface Config { readonly at?: string }

export const create: Create<Config> = (config) => {
  const fail = (phase: string): void => {
    if (config.at === phase) error("thrown on purpose in " + phase);
  };
  fail("create");
  return {
    rewrite() { fail("rewrite"); return undefined; },
    access() { fail("access"); return undefined; },
    header_filter() { fail("header_filter"); },
    body_filter() { fail("body_filter"); return undefined; },
    log() { fail("log"); },
    metrics() { fail("metrics"); },
  };
};
`;

/** Works whatever others do. */
const STAMP = `import type { Create } from "autoscale-lua";

export const create: Create<object> = () => ({
  header_filter(context) { context.setResponseHeader("X-Stamp", "here"); },
});
`;

const PHASES = ["rewrite", "access", "header_filter", "body_filter", "log"];
const FILES = { ...customPlugin("thrower", PHASES, THROWER, 9), ...customPlugin("stamp", ["header_filter"], STAMP) };

async function backendForTest(): Promise<Backend> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  return backend;
}

async function throwingAt(...places: readonly string[]): Promise<Gateway> {
  const backend = await backendForTest();
  return gatewayForTest(
    {
      custom_plugins: ["plugins"],
      upstreams: { one: { targets: [backend.target] } },
      routes: places.map((at) => ({
        name: at,
        path: `/${at}`,
        upstream: "one",
        plugins: { thrower: { at }, stamp: {} },
      })),
      nginx: { server: [TELL_WORKER, "location = /free { return 200; }"] },
    },
    { files: FILES },
  );
}

const failures = async (gateway: Gateway): Promise<number | undefined> => {
  return metric(await gateway.metrics(), 'gateway_plugin_errors_total{plugin="thrower"}');
};

describeWithEngine("a plugin that throws", () => {
  test("fails no request, in no phase; each is counted, and told once an interval in each worker", async () => {
    const gateway = await throwingAt(...PHASES);
    const [worker] = await pinWorkers(gateway, "/free");
    const begun = Date.now();
    for (const phase of PHASES) {
      for (let index = 0; index < 20; index++) {
        const answer = await worker?.send(`/${phase}`);
        expect([answer?.status, answer?.body]).toEqual([200, "status 200\n"]);
        expect(answer?.headers["x-stamp"]).toBe("here");
      }
    }
    // The body filter runs once for each piece of a body, and a body comes in one or more.
    await eventually("each is counted", async () => ((await failures(gateway)) ?? 0) >= 100);
    expect(await failures(gateway)).toBeLessThanOrEqual(160);
    const log = await gateway.errorLog();
    const intervals = 1 + Math.floor((Date.now() - begun) / 10_000);
    for (const phase of PHASES) {
      const lines = log.split("\n").filter((line) => line.includes(`thrown on purpose in ${phase}`));
      expect(lines.length).toBeGreaterThanOrEqual(1);
      expect(lines.length).toBeLessThanOrEqual(intervals);
      expect(lines[0]).toMatch(new RegExp(`\\[error\\].*plugin "thrower" failed in ${phase}; the request went on`));
    }
  });

  test("over four workers every error is counted", async () => {
    const gateway = await throwingAt("access");
    const workers = await pinWorkers(gateway, "/free", 5);
    await Promise.all(workers.flatMap((worker) => Array.from({ length: 25 }, () => worker.send("/access"))));
    expect(await failures(gateway)).toBe(100);
  });

  test("explain finds the line of TypeScript in the real error log", async () => {
    const gateway = await throwingAt("access");
    await send(`${gateway.url}/access`);
    const explained = await runExplain(gateway.bundle, await gateway.errorLog());
    expect(explained).toMatch(/plugins\/thrower\/plugin\.ts:7:.*thrown on purpose in access/);
  });

  test("one that cannot be created is left out, and said so; the others work", async () => {
    const gateway = await throwingAt("create");
    const answer = await send(`${gateway.url}/create`);
    expect([answer.status, answer.headers["x-stamp"]]).toEqual([200, "here"]);
    expect(await gateway.errorLog()).toMatch(/plugin "thrower" failed in create.*thrown on purpose in create/);
    // nginx serves as soon as one worker is up; each of the four tries once.
    await eventually("all workers have tried", async () => (await failures(gateway)) === 4);
  });

  test("one that fails to tell its metrics does not keep others from telling theirs", async () => {
    const gateway = await throwingAt("metrics");
    const text = await gateway.metrics();
    expect(metric(text, 'gateway_plugin_errors_total{plugin="thrower"}')).toBe(0);
    expect(await gateway.errorLog()).toContain("thrown on purpose in metrics");
  });
});

const BOUNCER = `import type { Create } from "autoscale-lua";

const BOUNCE = { kind: "reject", status: 503, headers: { "X-By": "bouncer" }, body: "bounced" } as const;

export const create: Create<object> = () => ({
  access(context) { return context.header("X-Bounce") !== undefined ? BOUNCE : undefined; },
});
`;

describeWithEngine("plugins beside one another", () => {
  test("what another plugin rejects is no failure of the upstream", async () => {
    const backend = await backendForTest();
    const gateway = await gatewayForTest(
      {
        custom_plugins: ["plugins"],
        upstreams: { one: { targets: [backend.target] } },
        routes: [{ name: "guarded", path: "/", upstream: "one", plugins: { "circuit-breaker": TOUCHY, bouncer: {} } }],
      },
      { files: customPlugin("bouncer", ["access"], BOUNCER) },
    );
    const bounced = await send(gateway.url, { headers: { "x-bounce": "yes" } });
    expect([bounced.status, bounced.headers["x-by"], bounced.body]).toEqual([503, "bouncer", "bounced"]);
    await statusesInTurn(20, () => send(gateway.url, { headers: { "x-bounce": "yes" } }));
    expect(await statusesInTurn(3, () => send(gateway.url))).toEqual([200, 200, 200]);
    const shown = await eventually("three are counted", async () => {
      const { breakers } = (await gateway.status()) as { breakers: Record<string, { calls: number; state: string }> };
      return breakers[GUARDED]?.calls === 3 && breakers[GUARDED];
    });
    expect(shown.state).toBe("closed");
    expect(backend.arrived).toHaveLength(3);
  });
});
