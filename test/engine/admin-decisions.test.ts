import { expect, test } from "vitest";
import { adminClient, type AdminClient } from "../harness/admin-client.ts";
import { customPlugin } from "../harness/custom-plugin.ts";
import { decisionsIn, type LoggedDecision } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send, sendMany } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pinWorkers, TELL_WORKER } from "../harness/pinned-workers.ts";

/** Makes a decision of each request; `X-Huge` asks for one that is far too long, `X-Odd` for one that is hard to write. */
const DECIDER = `import type { Create } from "autoscale-lua";

export const create: Create<object> = (_config, host) => ({
  log(context) {
    const huge = context.header("X-Huge") !== undefined;
    const odd = context.header("X-Odd") !== undefined;
    const inputs: Record<string, number | string> = { rate: 0.25, endless: 1 / 0 };
    if (huge) {
      for (const index of $range(1, 100)) {
        inputs["input" + tostring(index)] = string.rep("v", 200);
      }
    }
    host.events.emit({
      plugin: "decider",
      subject: context.header("X-Subject") ?? "none",
      from: odd ? '"\\\\\\t' : "one",
      to: huge ? string.rep("ü", 500) : "two",
      reason: huge ? string.rep('"', 5000) : "because",
      inputs,
    });
  },
});
`;

interface Page {
  readonly decisions: readonly LoggedDecision[];
  readonly kept: number;
}

async function deciding(
  more: object = {},
): Promise<{ gateway: Gateway; admin: AdminClient; page(path?: string): Promise<Page> }> {
  const gateway = await gatewayForTest(
    {
      custom_plugins: ["plugins"],
      upstreams: { one: { targets: ["127.0.0.1:9"], retries: { attempts: 0 } } },
      routes: [{ name: "all", path: "/", upstream: "one", plugins: { decider: {} } }],
      nginx: { server: [TELL_WORKER, "location = /free { return 200; }"] },
      ...more,
    },
    { files: customPlugin("decider", ["log"], DECIDER) },
  );
  const admin = adminClient(gateway);
  return { gateway, admin, page: async (path = "/decisions") => (await admin.get(path)).json as Page };
}

const subjects = ({ decisions }: Page): string[] => decisions.map(({ subject }) => subject);

describeWithEngine("decisions", () => {
  test("of all workers, newest first, as in the log; ?limit= gives fewer", async () => {
    const { gateway, page } = await deciding();
    expect(await page()).toEqual({ decisions: [], kept: 200 });
    const workers = await pinWorkers(gateway, "/free");
    for (const [index, worker] of workers.entries()) {
      await worker.send("/", { headers: { "x-subject": `from ${String(index)}` } });
      await eventually("it is there", async () => (await page()).decisions.length === index + 1);
    }
    expect(subjects(await page())).toEqual(["from 3", "from 2", "from 1", "from 0"]);
    expect(subjects(await page("/decisions?limit=2"))).toEqual(["from 3", "from 2"]);
    const { decisions } = await page();
    expect(decisions).toEqual(decisionsIn(await gateway.errorLog()).reverse());
    expect(decisions[0]).toMatchObject({
      event: "decision",
      plugin: "decider",
      from: "one",
      to: "two",
      reason: "because",
    });
    expect(decisions[0]?.inputs).toEqual({ rate: 0.25, endless: null });
  });

  test("the last 200 are kept, over a reload and the death of a worker", async () => {
    const { gateway, page } = await deciding();
    for (let index = 1; index <= 230; index++)
      await send(gateway.url, { headers: { "x-subject": `n${String(index)}` } });
    await eventually("the last is there", async () => subjects(await page()).includes("n230"));
    const expected = subjects(await page());
    // A worker logs after the answer went out: another one may be a little earlier with the next.
    expect(new Set(expected).size).toBe(200);
    expect(expected.filter((subject) => Number(subject.slice(1)) < 25)).toEqual([]);
    expect((await gateway.reload()).ok).toBe(true);
    expect(subjects(await page())).toEqual(expected);
    const [victim] = await gateway.workerPids();
    process.kill(victim ?? 0, "SIGKILL");
    await eventually("another worker is there", async () => {
      const pids = await gateway.workerPids();
      return pids.length === 4 && !pids.includes(victim ?? 0);
    });
    expect(subjects(await page())).toEqual(expected);
    await send(gateway.url, { headers: { "x-subject": "after" } });
    await eventually("the new one is there", async () => subjects(await page("/decisions?limit=1"))[0] === "after");
    expect(subjects(await page("/decisions?limit=1000"))).toEqual(["after", ...expected.slice(0, -1)]);
  });

  test("what is long or odd stays one valid line of at most 1800 bytes", async () => {
    const { gateway, page } = await deciding();
    await send(gateway.url, { headers: { "x-subject": "s".repeat(3000), "x-huge": "1" } });
    await send(gateway.url, { headers: { "x-subject": "odd", "x-odd": "1" } });
    await eventually("both are there", async () => (await page()).decisions.length === 2);
    const { decisions } = await page();
    const odd = decisions.find(({ subject }) => subject === "odd");
    const huge = decisions.find(({ subject }) => subject !== "odd");
    expect(odd?.from).toBe('"\\ ');
    expect(huge?.subject).toBe(`${"s".repeat(160)}…`);
    expect(huge?.to).toBe(`${"ü".repeat(32)}…`);
    expect(huge?.inputs).toEqual({});
    expect(Buffer.byteLength(JSON.stringify(huge))).toBeLessThanOrEqual(1800);
    expect(decisionsIn(await gateway.errorLog())).toHaveLength(2);
  });

  test("a small dict keeps fewer, so that what plugins keep stays", async () => {
    const { gateway, page } = await deciding({ shared_memory: { autoscale: "256k" } });
    await sendMany(50, gateway.url);
    await eventually("all are counted", async () => decisionsIn(await gateway.errorLog()).length === 50);
    const { decisions, kept } = await page();
    expect(kept).toBe(16);
    expect(decisions).toHaveLength(16);
  });
});
