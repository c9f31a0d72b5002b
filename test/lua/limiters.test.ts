import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EPOCH_SECONDS } from "../../plugins/_core/limit/gcra.ts";
import type { Algorithm } from "../../plugins/adaptive-rate-limit/config.ts";
import type { Quota } from "../../plugins/adaptive-rate-limit/limiter.ts";
import { localLimiter } from "../../plugins/adaptive-rate-limit/limiters.ts";
import { comparable } from "../harness/comparable.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";
import { memoryStore } from "../harness/memory-store.ts";

interface Step {
  readonly seconds: number;
  readonly worker: number;
  readonly key: string;
  readonly quota: Quota;
  readonly cost: number;
  readonly givesBack: boolean;
}

const WORKERS = 3;

/** What `run_limiters` in limit-driver.lua does. */
function runHere(algorithm: Algorithm, start: number, steps: readonly Step[]) {
  let now = start;
  const store = memoryStore(() => now);
  const limiters = Array.from({ length: WORKERS }, () => localLimiter(algorithm, store));
  const trace: unknown[] = [];
  for (const { seconds, worker, key, quota, cost, givesBack } of steps) {
    now += seconds;
    const limiter = limiters[worker]!;
    const passed = limiter.take(key, quota, cost, now);
    const { remaining, resetSeconds, retrySeconds } = limiter.last;
    trace.push([passed, remaining, resetSeconds, retrySeconds]);
    if (passed && givesBack) limiter.giveBack(key, quota, cost, now);
  }
  const kept = Object.fromEntries(
    store.keys().map((key): [string, unknown] => [key, [store.get(key), store.ttl(key)]]),
  );
  return { trace, kept };
}

const step = fc.record({
  seconds: fc.constantFrom(0, 0, 0.001, 0.25, 1, 7.5, 70, -1, -4000),
  worker: fc.nat(WORKERS - 1),
  key: fc.constantFrom("a", "b"),
  quota: fc.record({
    limit: fc.constantFrom(0.5, 4, 33.3, 5000, 1e9),
    windowSeconds: fc.constant(10),
    burst: fc.constantFrom(1, 3, 3.5, 400),
  }),
  cost: fc.constantFrom(1, 1, 1, 0.3, 2, 1e6),
  givesBack: fc.constantFrom(false, false, false, true),
});

describe.skipIf(!hasLuaJit)(
  `local limiters as TypeScript and as Lua${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`,
  () => {
    let lua: LuaJit;
    beforeAll(async () => {
      lua = await startLuaJit(["plugins/_core", "plugins/adaptive-rate-limit"]);
      for (const file of ["memory-store.lua", "limit-driver.lua"]) {
        await lua.run(readFileSync(new URL(file, import.meta.url), "utf8"));
      }
    });
    afterAll(() => lua.stop());

    it.each(["gcra", "sliding-window", "fixed-window"] as const)(
      "%s does the same in any scenario",
      async (algorithm) => {
        const outcomes = new Set<unknown>();
        await fc.assert(
          fc.asyncProperty(
            fc.nat(60_000),
            fc.array(step, { minLength: 20, maxLength: 60, size: "max" }),
            async (ms, steps) => {
              const start = EPOCH_SECONDS + 28_512_000 + ms / 1000;
              const args = [algorithm, start, WORKERS, steps].map(luaLiteral).join(",");
              const [there] = await lua.run(`return run_limiters(${args})`);
              const here = runHere(algorithm, start, steps);
              for (const one of here.trace as [boolean][]) outcomes.add(one[0]);
              expect(comparable(there)).toEqual(comparable(here));
            },
          ),
          { numRuns: 500 },
        );
        // Scenarios in which all pass would agree too.
        expect(outcomes.size).toBe(2);
      },
    );
  },
);
