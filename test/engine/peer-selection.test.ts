import { expect, onTestFinished, test } from "vitest";
import { answering, startBackend, type Backend } from "../harness/backend.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { freePort } from "../harness/free-port.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send, statuses, type Answer } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";

/** Takes the peers out that end with what the header says; `all` takes out every one. */
const CHOOSER = `import type { Create } from "autoscale-lua";

export const create: Create<object> = () => ({
  select_upstream(context, pool) {
    const without = context.header("X-Without");
    for (let index = 0; index < pool.count(); index++) {
      if (without === "all" || pool.key(index) === without) {
        pool.exclude(index);
      }
    }
  },
});
`;

interface Target {
  readonly port: number;
  readonly weight?: number;
  readonly priority?: number;
}

/** One worker whose peers are picked in Lua: a plugin has a say. */
function choosing(targets: readonly Target[], retries: object = {}): Promise<Gateway> {
  return gatewayForTest(
    {
      custom_plugins: ["plugins"],
      upstreams: { one: { targets: targets.map((target) => ({ host: "127.0.0.1", ...target })), retries } },
      routes: [{ name: "all", path: "/", upstream: "one", plugins: { chooser: {} } }],
    },
    { files: customPlugin("chooser", ["select_upstream"], CHOOSER), workers: 1 },
  );
}

async function backends(count: number): Promise<Backend[]> {
  const started = await Promise.all(Array.from({ length: count }, () => startBackend()));
  onTestFinished(async () => {
    await Promise.all(started.map((backend) => backend.stop()));
  });
  return started;
}

async function inTurn(count: number, gateway: Gateway, without?: string, method = "GET"): Promise<Answer[]> {
  const answers: Answer[] = [];
  const headers = without === undefined ? {} : { "x-without": without };
  for (let index = 0; index < count; index++) answers.push(await send(gateway.url, { method, headers }));
  return answers;
}

const asked = (list: readonly Backend[]): number[] => list.map(({ arrived }) => arrived.length);

describeWithEngine("peers that are picked in Lua", () => {
  test("weights and connections are as nginx has them", async () => {
    const list = await backends(3);
    const gateway = await choosing(list.map(({ port }, index) => ({ port, weight: 3 - index })));
    expect(statuses(await inTurn(60, gateway))).toEqual({ 200: 60 });
    expect(asked(list)).toEqual([30, 20, 10]);
    expect(list.map((backend) => backend.connections())).toEqual([1, 1, 1]);
  });

  test("a peer that a plugin excludes is not asked; when it excludes all, all are", async () => {
    const list = await backends(3);
    const gateway = await choosing(list.map(({ port }) => ({ port })));
    expect(statuses(await inTurn(12, gateway, list[1]?.target))).toEqual({ 200: 12 });
    expect(asked(list)).toEqual([6, 0, 6]);
    expect(statuses(await inTurn(12, gateway, "all"))).toEqual({ 200: 12 });
    // The exclusions of one request are forgotten by the next.
    expect(statuses(await inTurn(12, gateway))).toEqual({ 200: 12 });
    expect(asked(list)[1]).toBe(8);
  });

  test("a higher priority number is asked when the plugin takes out all below", async () => {
    const list = await backends(2);
    const gateway = await choosing(list.map(({ port }, priority) => ({ port, priority })));
    await inTurn(6, gateway);
    expect(asked(list)).toEqual([6, 0]);
    await inTurn(6, gateway, list[0]?.target);
    expect(asked(list)).toEqual([6, 6]);
  });

  test("a request that one peer refuses goes to another one, however heavy the first", async () => {
    const [alive] = await backends(1);
    const gateway = await choosing([{ port: await freePort(), weight: 9 }, { port: alive?.port ?? 0 }]);
    expect(statuses(await inTurn(30, gateway))).toEqual({ 200: 30 });
    expect(statuses(await inTurn(10, gateway, undefined, "POST"))).toEqual({ 200: 10 });
  });

  test("three tries are at three peers; with the last one dead too it is 502", async () => {
    const [bad, worse, good] = await backends(3);
    if (bad === undefined || worse === undefined || good === undefined) throw new Error("no backends");
    bad.respond = answering(503);
    worse.respond = answering(503);
    const targets = [{ port: bad.port, weight: 5 }, { port: worse.port, weight: 5 }, { port: good.port }];
    const gateway = await choosing(targets, { attempts: 2, on: ["connect", 503] });
    expect(statuses(await inTurn(20, gateway))).toEqual({ 200: 20 });
    await good.stop();
    const before = asked([bad, worse]);
    expect(statuses(await inTurn(10, gateway))[200]).toBeUndefined();
    expect(asked([bad, worse])).toEqual(before.map((count) => count + 10));
  });

  test("what may have been done already is not sent twice", async () => {
    const [rude, polite] = await backends(2);
    if (rude === undefined || polite === undefined) throw new Error("no backends");
    rude.respond = (_arrived, response) => void response.destroy();
    const gateway = await choosing([{ port: rude.port }, { port: polite.port }]);
    expect(statuses(await inTurn(10, gateway, undefined, "POST"))).toEqual({ 200: 5, 502: 5 });
    expect(asked([rude, polite])).toEqual([5, 5]);
    expect(statuses(await inTurn(10, gateway))).toEqual({ 200: 10 });
  });
});
