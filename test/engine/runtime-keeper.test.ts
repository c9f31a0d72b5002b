import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { startWorkerLab, type LabOptions, type WorkerLab } from "../harness/worker-lab.ts";

/** Each worker says ten times a second whether it is the keeper, and when it said so. */
const TELL = `worker.timer.every(0.1, function()
  store.set("says:" .. ngx.worker.pid(), (worker.isKeeper() and "yes " or "no ") .. ngx.now())
end)`;

const four = (options: LabOptions = {}): Promise<WorkerLab> => startWorkerLab({ workers: 4, each: TELL, ...options });

interface Saying {
  readonly pid: number;
  readonly isKeeper: boolean;
  /** Seconds since the epoch. */
  readonly at: number;
}

/** What these workers said last; undefined while one has said nothing. */
async function sayings(lab: WorkerLab, pids: readonly number[]): Promise<readonly Saying[] | undefined> {
  const keys = pids.map((pid) => `"says:${String(pid)}"`).join(",");
  const said = await lab.run(`
    local said = {}
    for index, key in ipairs({ ${keys} }) do said[index] = store.get(key) or "" end
    return said`);
  const texts = said as string[];
  if (texts.includes("")) return undefined;
  return texts.map((text, index) => {
    const [word, at] = text.split(" ");
    return { pid: pids[index] ?? 0, isKeeper: word === "yes", at: Number(at) };
  });
}

/** The one of the present workers that says that it is the keeper, once it is the only one. */
const theKeeper = (lab: WorkerLab): Promise<number> =>
  eventually("there is one keeper", async () => {
    const pids = await lab.workerPids();
    const found = ((await sayings(lab, pids)) ?? []).filter(({ isKeeper }) => isKeeper).map(({ pid }) => pid);
    return pids.length === 4 && found.length === 1 && found[0];
  });

/** nginx starts another one in its place. */
async function kill(lab: WorkerLab, pid: number): Promise<void> {
  process.kill(pid, "SIGKILL");
  await eventually("it is gone", async () => !(await lab.workerPids()).includes(pid));
}

describeWithEngine("the keeper among four workers", () => {
  test("is one, and another one when it was killed", async () => {
    const lab = await four();
    const first = await theKeeper(lab);
    await kill(lab, first);
    const second = await theKeeper(lab);
    await kill(lab, second);
    expect(new Set([first, second, await theKeeper(lab)]).size).toBe(3);
  });

  test("is another one while it is stalled, and it knows so when it goes on", async () => {
    const lab = await four();
    const stalled = await theKeeper(lab);
    process.kill(stalled, "SIGSTOP");
    try {
      await eventually("another one is", async () => {
        const others = (await lab.workerPids()).filter((pid) => pid !== stalled);
        return (await sayings(lab, others))?.some(({ isKeeper }) => isKeeper);
      });
    } finally {
      process.kill(stalled, "SIGCONT");
    }
    const now = Date.now() / 1000;
    const said = await eventually("it has said something since", async () => {
      const [saying] = (await sayings(lab, [stalled])) ?? [];
      return saying !== undefined && saying.at > now && saying;
    });
    expect(said.isKeeper).toBe(false);
    expect(await theKeeper(lab)).not.toBe(stalled);
  });

  test("is one of the new workers after a reload, as soon as the old one was told to finish", async () => {
    const lab = await four({ main: ["worker_shutdown_timeout 600s;"] });
    const before = await theKeeper(lab);
    const old = await lab.workerPids();
    // They all have something to do for ten minutes.
    const long = Array.from({ length: 40 }, () => lab.run("ngx.sleep(600)").catch(() => undefined));
    expect((await lab.engine.reload()).ok).toBe(true);
    const keeper = await eventually("a new one is the keeper", async () => {
      const pid = Number(await lab.run("return store.get('keeper')"));
      return !old.includes(pid) && pid > 0 && pid;
    });
    expect(keeper).not.toBe(before);
    expect((await lab.workerPids()).filter((pid) => old.includes(pid)).length).toBeGreaterThan(0);
    await lab.engine.stop({ graceSeconds: 0 });
    await Promise.all(long);
  });
});
