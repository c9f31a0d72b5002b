import { expect, test } from "vitest";
import { answering, startBackend } from "../harness/backend.ts";
import { onTestFinished } from "vitest";
import { apisixFakeForTest } from "../harness/apisix-fake/start.ts";
import { send } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { eventually } from "../harness/eventually.ts";

const TOUCHY = {
  window: { type: "time", seconds: 60 },
  minimum_calls: 4,
  failure_rate: 50,
  adapt: { pressure: false },
  open: { seconds: 60, jitter: 0 },
};

async function backend() {
  const made = await startBackend();
  onTestFinished(() => made.stop());
  return made;
}

describeWithEngine("APISIX fake", () => {
  test("the generated breaker loads, passes, trips and answers by itself", async () => {
    const one = await backend();
    const fake = await apisixFakeForTest({
      upstreams: { one: { targets: [one.target], retries: { attempts: 0 } } },
      routes: [{ name: "guarded", path: "/", upstream: "one", plugins: { "circuit-breaker": TOUCHY } }],
    });
    expect((await send(`${fake.url}/`)).status).toBe(200);
    one.respond = answering(500);
    const answer = await eventually("it has tripped", async () => {
      const got = await send(`${fake.url}/`);
      return got.status === 503 && got;
    });
    expect(answer.headers["retry-after"]).toBeDefined();
    const status = await fake.control("/v1/plugin/circuit-breaker/status");
    expect(JSON.parse(status.body)).toMatchObject({ breakers: { "route:guarded": { state: "open" } } });
    const decisions = await fake.control("/v1/plugin/circuit-breaker/decisions");
    expect(JSON.parse(decisions.body)).toMatchObject({ decisions: [{ from: "closed", to: "open" }], kept: 200 });
    const metrics = await fake.control("/v1/plugin/circuit-breaker/metrics");
    expect(metrics.body).toContain("gateway_plugin_errors_total");
    expect(await fake.logs()).not.toMatch(/\[error\]|\[alert\]|\[crit\]/);
  });
});
