import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nextShare } from "../../plugins/_core/limit/adaptive-share.ts";
import { nextSignal, verdictOf } from "../../plugins/_core/limit/stress-signal.ts";
import { addCost, isSurging } from "../../plugins/_core/limit/surge-rate.ts";
import { tierShare } from "../../plugins/_core/limit/tier-share.ts";
import { comparable } from "../harness/comparable.ts";
import { differential } from "../harness/differential.ts";
import { luaLiteral } from "../harness/lua-literal.ts";
import { hasLuaJit, startLuaJit, type LuaJit } from "../harness/luajit.ts";
import {
  DEFAULT_RULE,
  EPOCH,
  noisy,
  queueing,
  ramp,
  runLoop,
  sawtooth,
  STALE_SECONDS,
  step,
  type Load,
} from "../harness/stress-scenarios.ts";

const number = fc.double({ min: -10, max: 1000, noNaN: true });
const share = fc.double({ min: 0.001, max: 1, noNaN: true });
const verdict = fc.constantFrom("stress" as const, "between" as const, "calm" as const);
const signal = fc.record({
  ratio: fc.double({ min: 0, max: 2, noNaN: true }),
  sample: fc.constantFrom(0, 0.9, 1, 2),
  atSeconds: fc.integer({ min: 0, max: 200 }),
});

differential("nextSignal", {
  module: "autoscale.core.limit.stress-signal",
  ts: nextSignal,
  cases: { "nothing known": [undefined, undefined, 5, 60], "not a number": [undefined, NaN, 5, 60] },
  arbitrary: fc.tuple(
    fc.option(signal, { nil: undefined }),
    fc.option(number, { nil: undefined }),
    fc.integer({ min: 0, max: 200 }),
    fc.constant(60),
  ),
});

differential("verdictOf", {
  module: "autoscale.core.limit.stress-signal",
  ts: verdictOf,
  arbitrary: fc.tuple(signal, fc.boolean()),
});

differential("nextShare", {
  module: "autoscale.core.limit.adaptive-share",
  ts: nextShare,
  cases: { "no number": [{ share: NaN, heldUntilSeconds: NaN }, "calm", DEFAULT_RULE, 7] },
  arbitrary: fc.tuple(
    fc.record({ share: number, heldUntilSeconds: number }),
    verdict,
    fc.record({ floor: share, decrease: share, increase: share, holdSeconds: fc.nat(600) }),
    number,
  ),
});

differential("tierShare", {
  module: "autoscale.core.limit.tier-share",
  ts: tierShare,
  arbitrary: fc.tuple(share, share, share, fc.constantFrom("all" as const, "surging" as const, "usual" as const)),
  digits: 12,
});

const rate = fc.record({
  short: fc.double({ min: 0, max: 1e6, noNaN: true }),
  long: fc.double({ min: 0, max: 1e6, noNaN: true }),
  longWeight: fc.double({ min: 0, max: 1, noNaN: true }),
  atSeconds: fc.integer({ min: 0, max: 1000 }),
});

differential("addCost", {
  module: "autoscale.core.limit.surge-rate",
  ts: addCost,
  arbitrary: fc.tuple(rate, fc.double({ min: 0, max: 1000, noNaN: true }), fc.integer({ min: 0, max: 2000 })),
  mutates: true,
  digits: 10,
});

differential("isSurging", {
  module: "autoscale.core.limit.surge-rate",
  ts: isSurging,
  arbitrary: fc.tuple(rate, fc.integer({ min: 0, max: 1000 }), fc.double({ min: 1.5, max: 100, noNaN: true })),
});

/** `runLoop` in Lua, over samples that were taken in TypeScript: `false` is none. */
const DRIVER = `
  local signals = require("autoscale.core.limit.stress-signal")
  local shares = require("autoscale.core.limit.adaptive-share")
  function run_loop(samples, rule, epoch, stale)
    local state, signal, steps = shares.firstShare(), nil, {}
    for index = 1, #samples do
      local sample, now = samples[index], epoch + index - 1
      if sample == false then sample = nil end
      signal = signals.nextSignal(signal, sample, now, stale)
      local verdict = signal == nil and "calm" or signals.verdictOf(signal, sample ~= nil)
      state = shares.nextShare(state, verdict, rule, now)
      steps[index] = { verdict = verdict, state = state }
    end
    return steps
  end`;

const LOADS: Readonly<Record<string, Load>> = {
  "a step": step(20, 60),
  "noise at the threshold": noisy(0.95, 0.2),
  "a ramp": ramp(0.01),
  "a sawtooth": sawtooth(60),
  "a queue that the share fills": queueing(() => 2),
  "a signal that falls silent": (second) => (second < 20 ? 1.5 : undefined),
};

describe.skipIf(!hasLuaJit)(`the loop in Lua${hasLuaJit ? "" : " (skipped: no luajit on PATH)"}`, () => {
  let lua: LuaJit;
  beforeAll(async () => {
    lua = await startLuaJit();
    await lua.run(DRIVER);
  });
  afterAll(() => lua.stop());

  it.each(Object.entries(LOADS))("does the same in simulated time under %s", async (_name, load) => {
    const here = runLoop(load, 400);
    // The samples depend on the shares: equal shares mean that Lua's loop would have had the same ones.
    const samples = here.map(({ sample }) => sample ?? false);
    const args = [samples, DEFAULT_RULE, EPOCH, STALE_SECONDS].map(luaLiteral).join(",");
    const [there] = await lua.run(`return run_loop(${args})`);
    expect(comparable(there)).toEqual(comparable(here.map(({ verdict: word, state }) => ({ verdict: word, state }))));
    expect(new Set(here.map(({ verdict: word }) => word)).size).toBeGreaterThan(1);
  });
});
