import { expect, onTestFinished, test } from "vitest";
import { startBackend, type Backend } from "../harness/backend.ts";
import { statusesInTurn, TOUCHY } from "../harness/breaker-gateway.ts";
import { send } from "../harness/http-request.ts";
import { startKongFake, type KongFake, type KongFakeOptions } from "../harness/kong-fake.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

async function backendForTest(): Promise<Backend> {
  const backend = await startBackend();
  onTestFinished(() => backend.stop());
  return backend;
}

async function fakeForTest(config: Record<string, unknown>, options: KongFakeOptions = {}): Promise<KongFake> {
  const fake = await startKongFake(config, options);
  onTestFinished(() => fake.stop());
  return fake;
}

describeWithEngine("Kong fake", () => {
  test("Kong fake: the breaker trips, is seen and is overridden by hand", async () => {
    const backend = await backendForTest();
    backend.respond = (_arrived, response) => void response.writeHead(500).end();
    const fake = await fakeForTest({
      upstreams: { one: { targets: [backend.target], retries: { attempts: 0 } } },
      routes: [{ name: "guarded", path: "/", upstream: "one", plugins: { "circuit-breaker": TOUCHY } }],
    });
    expect(await statusesInTurn(4, () => send(fake.url))).toEqual([500, 500, 500, 500]);
    const turned = await send(fake.url);
    expect([turned.status, turned.headers["retry-after"]]).toEqual([503, "60"]);
    const shown = JSON.parse((await send(`${fake.statusUrl}/autoscale/status`)).body) as Record<string, object>;
    expect(shown["breakers"]).toMatchObject({ "route:guarded": { state: "open" } });
    const put = await fake.put("/autoscale/breakers/route:guarded", { state: "closed", ttl_seconds: 60 });
    expect([put.status, JSON.parse(put.body)]).toEqual([200, expect.objectContaining({ state: "forced_closed" })]);
  });
});
