import { expect, test } from "vitest";
import { eventually } from "../harness/eventually.ts";
import { luaModules } from "../harness/lua-modules.ts";
import { describeWithEngine } from "../harness/native-engine.ts";
import { startWorkerLab, type WorkerLab } from "../harness/worker-lab.ts";

/** Those of the lab too: what they need of TypeScriptToLua's library is in one file. */
const SOURCES = [
  "nginx/runtime/worker-host.ts",
  "nginx/runtime/open-store.ts",
  "plugins/adaptive-rate-limit/plugin.ts",
];

/** In each call of the lab: a request to the lab waits for it. */
const CALL = 50_000;
const KEYS = 1_000_000;

interface Batch {
  /** Milliseconds of the worker for so many keys. */
  readonly ms: number;
  readonly admitted: number;
  readonly operations: number;
  readonly most: number;
}

/** Takes of one limiter, each with a key of its own; every operation on the store is counted. */
const EACH = `
  local inner = require("autoscale.runtime.open-store").openStore("autoscale_limits", "it is there")
  local counted = setmetatable({}, { __index = inner })
  kept.operations = 0
  for _, name in ipairs({ "get", "set", "add", "incr", "expire", "renew", "remove" }) do
    counted[name] = function(...)
      kept.operations = kept.operations + 1
      return inner[name](...)
    end
  end
  kept.limiters = {}
  for _, algorithm in ipairs({ "gcra", "sliding-window", "fixed-window" }) do
    kept.limiters[algorithm] = require("autoscale.plugins.adaptive-rate-limit.limiters").localLimiter(algorithm, counted)
  end
  kept.quota = { limit = 100, windowSeconds = 3600, burst = 10 }
`;

function limiterLab(): Promise<WorkerLab> {
  const modules = luaModules(SOURCES);
  return startWorkerLab({
    http: ["lua_shared_dict autoscale_limits 16m;"],
    each: EACH,
    files: Object.fromEntries(modules.map(({ path, lua }) => [`lua/${path}`, lua])),
  });
}

async function batch(lab: WorkerLab, algorithm: string, from: number, count = CALL): Promise<Batch> {
  return (await lab.run(`
    local limiter, quota = kept.limiters["${algorithm}"], kept.quota
    local admitted, most, first = 0, 0, kept.operations
    ngx.update_time()
    local begun = ngx.now()
    for index = ${String(from)}, ${String(from + count - 1)} do
      local before = kept.operations
      if limiter.take("rusers/default=" .. index, quota, 1, begun) then admitted = admitted + 1 end
      local used = kept.operations - before
      if used > most then most = used end
    end
    ngx.update_time()
    return { ms = (ngx.now() - begun) * 1000, admitted = admitted, operations = kept.operations - first, most = most }
  `)) as Batch;
}

describeWithEngine("a million distinct keys", () => {
  test.each(["gcra", "sliding-window", "fixed-window"])(
    "%s: memory is bounded, the oldest go first, they are counted, and a request costs the same",
    async (algorithm) => {
      const lab = await limiterLab();
      const batches: Batch[] = [];
      for (let from = 0; from < KEYS; from += CALL) batches.push(await batch(lab, algorithm, from));
      expect(batches.reduce((sum, { admitted }) => sum + admitted, 0)).toBe(KEYS);
      expect(Math.max(...batches.map(({ most }) => most))).toBeLessThanOrEqual(2);
      const [first, ...others] = batches;
      for (const { operations } of others) expect(operations).toBe(first?.operations);

      // nginx tells of a write that it dropped something, not how much; the counter is of such writes.
      const dropped = await eventually("the worker has told what was dropped", async () => {
        const told = Number(await lab.run(`return store.get("evicted:autoscale_limits") or 0`));
        return told > KEYS / 2 && told;
      });
      expect(dropped).toBeLessThanOrEqual(KEYS);
      // The newest are there and have been counted; the oldest begin anew.
      const remaining = async (index: number): Promise<number> => {
        await batch(lab, algorithm, index, 1);
        return Number(await lab.run(`return math.floor(kept.limiters["${algorithm}"].last.remaining + 1e-3)`));
      };
      const whole = algorithm === "gcra" ? 10 : 100;
      expect(await remaining(KEYS - 1)).toBe(whole - 2);
      expect(await remaining(0)).toBe(whole - 1);

      // No latency cliff: a full dict costs no more than a few times of an empty one, whatever else runs on this machine.
      const times = others.map(({ ms }) => ms).sort((a, b) => a - b);
      expect(times[Math.floor(times.length / 2)]).toBeLessThan(5 * Math.max(first?.ms ?? 0, 50));
    },
  );
});

describeWithEngine("GCRA's entry in a real dict", () => {
  test("is gone when its bucket is full; one that a late renewal brings back does no harm", async () => {
    const lab = await limiterLab();
    const found = (await lab.run(`
      local dict, limiter = ngx.shared.autoscale_limits, kept.limiters.gcra
      local quota = { limit = 100, windowSeconds = 10, burst = 4 }
      local function passing()
        local passed = 0
        for _ = 1, 10 do
          if limiter.take("key", quota, 1, ngx.now()) then passed = passed + 1 end
        end
        return passed
      end
      local first = passing()
      local begun = ngx.now()
      while dict:get("key") do ngx.sleep(0.002) end
      local lived = ngx.now() - begun
      passing()
      -- A look would clear it away.
      ngx.sleep(0.45)
      local brought = dict:expire("key", 3600)
      ngx.sleep(0.5)
      local stale = dict:get("key") ~= nil
      return { first = first, lived = lived, brought = brought, stale = stale, second = passing(), ttl = dict:ttl("key") }
    `)) as Record<string, unknown>;
    expect(found).toMatchObject({ first: 4, brought: true, stale: true, second: 4 });
    // Four times 0.1 s, less a tick of the clock; the machine may have been slow to look.
    expect(found["lived"]).toBeGreaterThan(0.35);
    expect(found["ttl"]).toBeLessThan(0.41);
  });
});
