import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { startWorkerLab, type LabOptions, type WorkerLab } from "../harness/worker-lab.ts";

/**
 * Each worker says ten times a second whether it is the keeper. One that is told to stalls, with all that it does, until
 * another one has its part; then it says in `after` what it thinks first. (SIGSTOP might come while it locks the dict.)
 */
const TELL = `local ffi = require("ffi")
ffi.cdef("int usleep(unsigned int microseconds);")
local pid = ngx.worker.pid()
worker.timer.every(0.1, function()
  if store.get("stall") == pid then
    store.remove("stall")
    local turns, holder = 0
    repeat
      ffi.C.usleep(50000)
      turns, holder = turns + 1, store.get("keeper")
    until turns > 300 or holder ~= nil and holder ~= pid
    ngx.update_time()
    store.set("after", worker.isKeeper() and "keeper" or "none")
  end
  store.set("says:" .. pid, worker.isKeeper() and "yes" or "no")
end)`;

const four = (options: LabOptions = {}): Promise<WorkerLab> => startWorkerLab({ workers: 4, each: TELL, ...options });

/** The one of the present workers that says that it is the keeper, once all have said something and it is the only one. */
const theKeeper = (lab: WorkerLab): Promise<number> =>
  eventually("there is one keeper", async () => {
    const pids = await lab.workerPids();
    const keys = pids.map((pid) => `"says:${String(pid)}"`).join(",");
    const said = (await lab.run(`
      local said = {}
      for index, key in ipairs({ ${keys} }) do said[index] = store.get(key) or "" end
      return said`)) as string[];
    const found = pids.filter((_pid, index) => said[index] === "yes");
    return pids.length === 4 && !said.includes("") && found.length === 1 && found[0];
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
    await lab.run(`store.set("stall", ${String(stalled)})`);
    expect(await eventually("it goes on", async () => (await lab.run('return store.get("after")')) ?? false)).toBe(
      "none",
    );
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
