import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { StoreValue } from "../../plugins/_kit/ports.ts";
import { STORE_CASES, type StoreAtWork } from "../conformance/store-cases.ts";
import { gatewayForTest, type Gateway } from "../harness/gateway.ts";
import { send, type Answer } from "../harness/http-request.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { pinWorkers, TELL_WORKER } from "../harness/pinned-workers.ts";

type Call = readonly [name: string, args: readonly unknown[]];
type Send = (path: string, options: { method: string; body: string }) => Promise<Answer>;

function storeGateway(sharedMemory = "1m"): Promise<Gateway> {
  const handler = readFileSync(new URL("fixtures/store.lua", import.meta.url), "utf8");
  const config = {
    upstreams: { none: { targets: ["127.0.0.1:9"] } },
    routes: [{ name: "none", path: "/none", upstream: "none" }],
    shared_memory: { autoscale: sharedMemory },
    // Paths are relative to the nginx prefix.
    nginx: {
      server: [
        TELL_WORKER,
        "location = /store { client_body_buffer_size 1m; content_by_lua_file ../../store.lua; }",
        "location = /free { return 200; }",
      ],
    },
  };
  return gatewayForTest(config, { files: { "store.lua": handler } });
}

async function calls(sender: Send, list: readonly Call[], times = 1): Promise<(StoreValue | undefined)[]> {
  // A number must be written so that Lua reads the same one.
  const answer = await sender(`/store?times=${String(times)}`, { method: "POST", body: JSON.stringify(list) });
  if (answer.status !== 200) throw new Error(`status ${String(answer.status)}: ${answer.body}`);
  return (JSON.parse(answer.body) as [StoreValue, string][]).map(([value, type]) => {
    if (type === "nil") return undefined;
    return type === "number" ? Number(value) : value;
  });
}

function atWork(gateway: Gateway): StoreAtWork {
  const sender: Send = (path, options) => send(`${gateway.url}${path}`, options);
  const one = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    return (await calls(sender, [[name, args.filter((arg) => arg !== undefined)]]))[0];
  };
  return {
    get: (...args) => one("get", args) as Promise<StoreValue | undefined>,
    set: (...args) => one("set", args) as Promise<boolean>,
    add: (...args) => one("add", args) as Promise<boolean>,
    incr: (...args) => one("incr", args) as Promise<number | undefined>,
    expire: (...args) => one("expire", args) as Promise<boolean>,
    renew: (...args) => one("renew", args),
    remove: (...args) => one("remove", args),
    capacityBytes: () => one("capacityBytes", []) as Promise<number>,
    freeBytes: () => one("freeBytes", []) as Promise<number>,
    pass: (seconds) => sleep(seconds * 1000),
  };
}

describeWithEngine("the store over an nginx shared dict", () => {
  test.each(Object.entries(STORE_CASES))("%s", async (_name, run) => {
    await run(atWork(await storeGateway()));
  });

  test("when memory is short the entries used least recently go, and writing goes on", async () => {
    const gateway = await storeGateway("64k");
    const store = atWork(gateway);
    const sender: Send = (path, options) => send(`${gateway.url}${path}`, options);
    const text = "x".repeat(500);
    const written = await calls(
      sender,
      Array.from({ length: 400 }, (_, index) => ["set", [`k${String(index)}`, text]]),
    );
    expect(written.every((stored) => stored === true)).toBe(true);
    expect(await store.get("k0")).toBeUndefined();
    // The dict is full: each further write pushes out what is still good, and the store tells so.
    const evictions = Number(await store.get("evicted"));
    expect(evictions).toBeGreaterThan(200);
    await store.set("one more", text);
    expect(await store.get("evicted")).toBe(evictions + 1);
    expect(await store.get("k399")).toBe(text);
    expect(await store.add("new", 1)).toBe(true);
    expect(await store.incr("counter", 1, 0, 0)).toBe(1);
  });

  test("incr is exact over four workers: no addition is lost, no sum is seen twice", async () => {
    const gateway = await storeGateway();
    const workers = await pinWorkers(gateway, "/free");
    const all = await Promise.all(workers.map((worker) => calls(worker.send, [["incr", ["n", 1, 0, 0]]], 2000)));
    const seen = all.flat().map(Number);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 8000 }, (_, index) => index + 1));
  });

  test("add has one winner among four workers, for each key", async () => {
    const gateway = await storeGateway();
    const workers = await pinWorkers(gateway, "/free");
    const list = Array.from({ length: 1000 }, (_, index): Call => ["add", [`claim${String(index)}`, true]]);
    const all = await Promise.all(workers.map((worker) => calls(worker.send, list)));
    const winners = list.map((_, index) => all.filter((results) => results[index] === true).length);
    expect(winners).toEqual(Array.from({ length: 1000 }, () => 1));
  });
});
