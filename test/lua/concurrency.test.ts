import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newLimitState, type LimitSample, type LimitState } from "../../plugins/_core/concurrency/limit-state.ts";
import { inForce, nextLimit } from "../../plugins/_core/concurrency/next-limit.ts";
import { stepOf, vegasLimit } from "../../plugins/_core/concurrency/vegas.ts";
import { meanOf, simulate, within } from "../harness/concurrency-scenarios.ts";
import { differential } from "../harness/differential.ts";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";

const NOW = 1_700_000_000;
const MODULE = "autoscale.core.concurrency.next-limit";
const seconds = fc.oneof(fc.double({ min: 1e-4, max: 10, noNaN: true }), fc.constantFrom(0, 0.1));
const limit = fc.double({ min: 5, max: 1000, noNaN: true });

const settings = fc.record({
  algorithm: fc.constantFrom("gradient2" as const, "vegas" as const, "aimd" as const),
  initial: fc.constantFrom(20, 100),
  min: fc.constantFrom(5, 20),
  max: fc.constantFrom(100, 1000),
  latencySeconds: fc.constantFrom(0.05, 1),
});
const state: fc.Arbitrary<LimitState> = fc.record({
  limit,
  baselineSeconds: seconds,
  baselineSamples: fc.nat(10),
  confirmedAtSeconds: fc.constantFrom(0, NOW - 40, NOW - 30, NOW - 3, NOW + 3600),
  probe: fc.constantFrom("none" as const, "drain" as const, "measure" as const),
  probeUntilSeconds: fc.constantFrom(0, NOW - 1, NOW, NOW + 1),
  probesAll: fc.boolean(),
  reason: fc.constant("initial" as const),
});
const sample: fc.Arbitrary<LimitSample> = fc.record({
  seconds,
  count: fc.constantFrom(0, 10, 5000),
  maxInFlight: fc.nat(1000),
  drops: fc.constantFrom(0, 1, 50),
  limited: fc.boolean(),
});

differential("nextLimit", {
  module: MODULE,
  ts: nextLimit,
  cases: {
    "the first sample": [
      { algorithm: "gradient2", initial: 20, min: 5, max: 1000 },
      newLimitState({ algorithm: "gradient2", initial: 20, min: 5, max: 1000 }),
      { seconds: 0.05, count: 10, maxInFlight: 12, drops: 0, limited: false },
      NOW,
    ],
  },
  arbitrary: fc.tuple(settings, state, sample, fc.constant(NOW)),
  runs: 5000,
});
differential("inForce", { module: MODULE, ts: inForce, arbitrary: fc.tuple(settings, state) });
differential("stepOf", {
  module: "autoscale.core.concurrency.vegas",
  ts: stepOf,
  arbitrary: fc.tuple(fc.oneof(limit, fc.constantFrom(99.99999, 100, 1000))),
});
differential("vegasLimit", {
  module: "autoscale.core.concurrency.vegas",
  ts: vegasLimit,
  arbitrary: fc.tuple(limit, fc.constantFrom(0.05, 0.1), fc.constantFrom(0.05, 0.1, 0.3), fc.boolean()),
});

describe.skipIf(!hasLuaJit)(`limits in Lua before a plant${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`, () => {
  let lua: LuaJit;
  beforeAll(async () => {
    lua = await startLuaJit();
  });
  afterAll(() => lua.stop());

  test.each(["gradient2", "vegas", "aimd"] as const)(
    "%s: full goodput under overload, and back after it",
    async (algorithm) => {
      const moments = await simulate({
        settings: { algorithm, initial: 20, min: 5, max: 1000, latencySeconds: 0.1 },
        plant: { servers: 10, serviceSeconds: 0.05 },
        seconds: 120,
        script: (plant, at) => {
          plant.rate = at < 10 || at >= 80 ? 100 : 600;
          plant.serviceSeconds = at >= 60 && at < 80 ? 0.2 : 0.05;
        },
        step: async (...args) => (await lua.call(MODULE, "nextLimit", ...args)) as LimitState,
      });
      const steady = within(moments, 25, 60);
      expect(meanOf(steady, ({ goodput }) => goodput)).toBeGreaterThan(190);
      expect(Math.max(...steady.map(({ seconds: mean }) => mean))).toBeLessThan(0.15);
      expect(Math.min(...within(moments, 110, 120).map((moment) => moment.limit))).toBeGreaterThanOrEqual(20);
    },
  );
});
