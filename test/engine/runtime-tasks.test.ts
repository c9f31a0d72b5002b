import { expect, test } from "vitest";
import { dnsServerForTest } from "../harness/dns-server.ts";
import { eventually } from "../harness/eventually.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { isAlive } from "../harness/processes.ts";
import { rawServerForTest } from "../harness/raw-server.ts";
import { startWorkerLab, type WorkerLab } from "../harness/worker-lab.ts";

/**
 * Starts what would go on for ten minutes, each in a task of its own: sleeps, and waits for servers that say nothing. Each
 * says in the log how it ended.
 */
async function startWaiting(lab: WorkerLab, port: number, dns: string): Promise<void> {
  await lab.run(`
    local waits = {
      sleep = function() return worker.tasks.sleep(600) end,
      loop = function() while worker.tasks.sleep(0.01) do end return false end,
      request = function() return worker.http.request(kept.request).problem end,
      stream = function() return worker.http.stream(kept.request, function() return true end).problem end,
      greeting = function() return worker.http.connect("127.0.0.1", ${String(port)}, 600, true).problem end,
      name = function() return worker.dns.query("one.test", "A", { "${dns}" }, 600).problem end,
    }
    kept.request = { method = "GET", scheme = "http", host = "127.0.0.1", port = ${String(port)}, path = "/", headers = {},
      connectSeconds = 600, readSeconds = 600, maxBytes = 100 }
    for name, wait in pairs(waits) do
      worker.tasks.start(function() worker.log.notice(name .. " ended: " .. tostring(wait())) end)
    end`);
}

const ENDINGS = [
  "greeting ended: the worker was told to finish",
  "loop ended: false",
  "name ended: the worker was told to finish",
  "request ended: the worker was told to finish",
  "sleep ended: false",
  "stream ended: the worker was told to finish",
];

const endingsIn = (log: string): string[] =>
  [...log.matchAll(/\w+ ended: [^,\n]*/g)].map(([text]) => text.trim()).sort();

describeWithEngine("background tasks of a worker", () => {
  test("run apart: one that throws is logged and begins again, and the others go on", async () => {
    const lab = await startWorkerLab();
    await lab.run(`
      kept.count, kept.again = 0, 0
      for index = 1, 20 do
        worker.tasks.start(function()
          if index == 7 and kept.again < 2 then
            kept.again = kept.again + 1
            error("the seventh fails")
          end
          if index == 7 then kept.seventh = true end
          while worker.tasks.sleep(0.01) do kept.count = kept.count + 1 end
        end)
      end`);
    await eventually(
      "19 tasks have slept ten times each",
      async () => Number(await lab.run("return kept.count")) > 190,
    );
    await eventually(
      "the seventh goes on too",
      async () => (await lab.run("return tostring(kept.seventh)")) === "true",
    );
    const log = await lab.errorLog();
    expect(log.match(/a background task failed, and begins again in \d+\.\d s: .*the seventh fails/g)).toHaveLength(2);
  });

  test("sleep for as long as they ask, longer than a worker looks up", async () => {
    const lab = await startWorkerLab();
    const seconds = Number(
      await lab.run(`
        local before = ngx.now()
        local goesOn = worker.tasks.sleep(1.2)
        ngx.update_time()
        return goesOn and ngx.now() - before`),
    );
    expect(seconds).toBeGreaterThanOrEqual(1.19);
    expect(await lab.run("return worker.tasks.sleep(0)")).toBe(true);
    expect(await lab.run("return worker.tasks.sleep(-1)")).toBe(true);
  });

  test("do not hold up a quit, whatever they wait for", async () => {
    const names = await dnsServerForTest({ "one.test": "silence" });
    const server = await rawServerForTest(() => undefined);
    const lab = await startWorkerLab({ main: ["worker_shutdown_timeout 600s;"] });
    await startWaiting(lab, server.port, names.address);
    await eventually("three are connected, and the name was asked for", () => {
      return server.made() === 3 && names.asked.length > 0;
    });
    process.kill(lab.engine.pid, "SIGQUIT");
    await eventually("the master is gone", () => !isAlive(lab.engine.pid));
    expect(endingsIn(await lab.errorLog())).toEqual(ENDINGS);
    await eventually("no connection is left", () => server.open() === 0);
  });

  test("do not hold up a reload, and the new workers have theirs", async () => {
    const names = await dnsServerForTest({ "one.test": "silence" });
    const server = await rawServerForTest(() => undefined);
    const lab = await startWorkerLab({ workers: 1, main: ["worker_shutdown_timeout 600s;"] });
    const [before = 0] = await lab.workerPids();
    await startWaiting(lab, server.port, names.address);
    await eventually("three are connected", () => server.made() === 3);
    expect((await lab.engine.reload()).ok).toBe(true);
    await eventually("the old worker is gone", () => !isAlive(before));
    expect(endingsIn(await lab.errorLog())).toEqual(ENDINGS);
    expect(await lab.run("return worker.tasks.sleep(0.01)")).toBe(true);
  });

  test("are told that they should end before they begin to wait", async () => {
    const lab = await startWorkerLab();
    // Started by one that sees the end come: too late for a new one.
    await lab.run(`
      worker.tasks.start(function()
        while worker.tasks.sleep(0.05) do end
        worker.tasks.start(function() worker.log.notice("started too late") end)
        local answer = worker.http.connect("127.0.0.1", 1, 600, false)
        worker.log.notice("late ended: " .. tostring(answer.problem) .. " " .. tostring(worker.tasks.sleep(600)))
      end)`);
    process.kill(lab.engine.pid, "SIGQUIT");
    await eventually("the master is gone", () => !isAlive(lab.engine.pid));
    const log = await lab.errorLog();
    expect(log).toContain("late ended: the worker was told to finish false");
    expect(log).not.toContain("started too late");
    expect(log).not.toContain("[error]");
  });
});
