import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { startBackend, type Backend } from "../harness/backend.ts";
import { decisionsIn } from "../harness/error-log.ts";
import { eventually } from "../harness/eventually.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send, sendMany, type Answer } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pinWorkers, TELL_WORKER, type PinnedWorker } from "../harness/pinned-workers.ts";

const INTERVAL_SECONDS = 0.2;
/** Enough for several looks at the file. */
const SEVERAL_LOOKS = 1500;

interface Rig {
  readonly gateway: Gateway;
  readonly workers: readonly PinnedWorker[];
  /** Rewrites the file of peers. */
  write(text: string): Promise<void>;
  peers(...backends: readonly Backend[]): Promise<void>;
}

async function following(first: string): Promise<Rig> {
  const gateway = await gatewayForTest(
    {
      upstreams: { one: { discovery: { file: { path: "peers.json", interval_seconds: INTERVAL_SECONDS } } } },
      routes: [{ name: "all", path: "/", upstream: "one" }],
      nginx: { server: [TELL_WORKER, "location = /free { return 200; }"] },
    },
    { files: { "peers.json": first } },
  );
  const write = async (text: string): Promise<void> => {
    // In one step: half a file would be one more fault to tell.
    const file = join(gateway.folder, "peers.json");
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  };
  return {
    gateway,
    workers: await pinWorkers(gateway, "/free"),
    write,
    peers: (...backends) => write(JSON.stringify(backends.map(({ target }) => target))),
  };
}

async function backends(count: number): Promise<Backend[]> {
  const started = await Promise.all(Array.from({ length: count }, () => startBackend()));
  onTestFinished(async () => {
    await Promise.all(started.map((backend) => backend.stop()));
  });
  return started;
}

/** Waits until a round over all workers reaches only `wanted`. */
async function untilOnly(rig: Rig, wanted: Backend, all: readonly Backend[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  await eventually("every worker asks the new peer alone", async () => {
    const before = all.map(({ arrived }) => arrived.length);
    for (const worker of rig.workers) {
      for (let index = 0; index < all.length; index++) answers.push(await worker.send("/"));
    }
    return all.every((backend, index) => backend === wanted || backend.arrived.length === before[index]);
  });
  return answers;
}

/** Decisions about the source: what its state became, and why. */
async function sourceStates(gateway: Gateway): Promise<(readonly [string, string])[]> {
  const decisions = decisionsIn(await gateway.errorLog());
  const ofSource = decisions.filter(({ subject }) => subject.startsWith("source:one/file "));
  return ofSource.map(({ to, reason }) => [to, reason] as const);
}

const failures = async (gateway: Gateway): Promise<number> => {
  return (await sourceStates(gateway)).filter(([to]) => to === "failing").length;
};

describeWithEngine("peers from a file", () => {
  test("a change is followed by every worker, without a reload and without a failed request", async () => {
    const all = await backends(3);
    const [first, second, third] = all;
    if (first === undefined || second === undefined || third === undefined) throw new Error("no backends");
    const rig = await following(JSON.stringify([first.target]));
    const pids = await rig.gateway.workerPids();
    const answers = await untilOnly(rig, first, all);
    await rig.peers(second);
    answers.push(...(await untilOnly(rig, second, all)));
    // The other form, with weights: one worker's 4 requests are shared 3 to 1.
    const { port } = third;
    const targets = [{ host: "127.0.0.1", port, weight: 3 }, second.target];
    await rig.write(JSON.stringify({ targets }));
    await eventually("the third is asked", async () => {
      answers.push(...(await Promise.all(rig.workers.map((worker) => worker.send("/")))));
      return third.arrived.length > 0;
    });
    await sleep(SEVERAL_LOOKS);
    const before = [second.arrived.length, third.arrived.length];
    for (const worker of rig.workers) for (let index = 0; index < 4; index++) answers.push(await worker.send("/"));
    expect(third.arrived.length - (before[1] ?? 0)).toBe(12);
    expect(second.arrived.length - (before[0] ?? 0)).toBe(4);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(await rig.gateway.workerPids()).toEqual(pids);
  });

  test.each([
    ["empty", ""],
    ["broken", '["127.0.0.1:80"'],
    ["no list", '"127.0.0.1:80"'],
    ["a list of nothing", "[]"],
    ["a name instead of an address", '["example.org:80"]'],
    ["a port that is none", '["127.0.0.1:99999"]'],
    ["one good entry, one bad", '["127.0.0.1:9", 5]'],
    ["a port that is not whole", '[{ "host": "127.0.0.1", "port": 80.5 }]'],
    ["not a list of targets", '{"servers": ["127.0.0.1:9"]}'],
    ["without its targets", '{"targets": null}'],
    ["a text where targets stand", '{"targets": "127.0.0.1:9"}'],
  ])("a file that is %s keeps the last good set, and is told once", async (_name, text) => {
    const all = await backends(1);
    const [only] = all;
    if (only === undefined) throw new Error("no backend");
    const rig = await following(JSON.stringify([only.target]));
    await rig.write(text);
    await eventually("it is told", async () => (await failures(rig.gateway)) > 0);
    await sleep(SEVERAL_LOOKS);
    const [told, ...more] = await sourceStates(rig.gateway);
    expect(told?.[1]).toMatch(/; 1 peer of before is kept$/);
    expect(more).toEqual([]);
    const answers = await untilOnly(rig, only, all);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  test("a file that is wrong when the gateway starts: the gateway is there, and follows it once it is right", async () => {
    const all = await backends(1);
    const [only] = all;
    if (only === undefined) throw new Error("no backend");
    const rig = await following('{"targets": null}');
    expect((await send(`${rig.gateway.adminUrl}/status`)).status).toBe(200);
    expect((await send(rig.gateway.url)).status).toBe(503);
    await rig.peers(only);
    // nginx closes a connection after an error: not the pinned ones.
    await eventually("every worker follows it", async () => {
      const answers = await sendMany(32, rig.gateway.url);
      return answers.every(({ status }) => status === 200);
    });
  });

  test("a file that is gone keeps the last good set; one that is back is followed, and a new fault told again", async () => {
    const all = await backends(2);
    const [first, second] = all;
    if (first === undefined || second === undefined) throw new Error("no backends");
    const rig = await following(JSON.stringify([first.target]));
    await rm(join(rig.gateway.folder, "peers.json"));
    await eventually("it is told", async () => (await failures(rig.gateway)) === 1);
    await untilOnly(rig, first, all);
    await rig.peers(second);
    await untilOnly(rig, second, all);
    await rm(join(rig.gateway.folder, "peers.json"));
    await eventually("it is told again", async () => (await failures(rig.gateway)) === 2);
    await untilOnly(rig, second, all);
  });
});
