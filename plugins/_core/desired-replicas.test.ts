import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { desiredReplicas, firstScalingState, type ScalingRule, type ScalingState } from "./desired-replicas.ts";

const RULE: ScalingRule = {
  per: "total",
  target: 100,
  min: 1,
  max: 10,
  tolerance: 0.1,
  upStabilizationSeconds: 0,
  downStabilizationSeconds: 0,
  cooldownSeconds: 0,
};

/** What is desired after each sample of [seconds, metric], with the replicas following at once. */
function run(rule: ScalingRule, replicas: number, samples: readonly (readonly [number, number | undefined])[]) {
  let state: ScalingState = firstScalingState();
  let now = replicas;
  return samples.map(([at, value]) => {
    const scaling = desiredReplicas(rule, state, value, now, at);
    state = scaling.state;
    now = scaling.desired;
    return now;
  });
}

describe("the formula of Kubernetes", () => {
  test("ceil(replicas * ratio)", () => {
    expect(run(RULE, 2, [[0, 450]])).toEqual([5]);
    expect(run(RULE, 5, [[0, 110]])).toEqual([2]);
  });

  test("exactly the target's worth of three is three", () => {
    expect(run(RULE, 4, [[0, 300]])).toEqual([3]);
    expect(run({ ...RULE, target: 0.1, tolerance: 0 }, 7, [[0, 0.3]])).toEqual([3]);
  });

  test("within the tolerance nothing changes", () => {
    expect(run(RULE, 2, [[0, 219]])).toEqual([2]);
    expect(run(RULE, 2, [[0, 181]])).toEqual([2]);
    expect(run(RULE, 2, [[0, 221]])).toEqual([3]);
  });

  test("a latency is what each replica shows", () => {
    expect(run({ ...RULE, per: "each", target: 0.2 }, 3, [[0, 0.4]])).toEqual([6]);
  });

  test("min and max hold", () => {
    expect(run(RULE, 3, [[0, 0], [1, 99_999]])).toEqual([1, 10]); // prettier-ignore
  });

  test("from zero replicas it goes to what the total asks for", () => {
    expect(run({ ...RULE, min: 0 }, 0, [[0, 0], [1, 250]])).toEqual([0, 3]); // prettier-ignore
  });
});

describe("stabilization", () => {
  test("down waits until nothing in the window asked for more", () => {
    const rule = { ...RULE, downStabilizationSeconds: 300 };
    expect(run(rule, 5, [[0, 500], [100, 100], [299, 100], [301, 100]])).toEqual([5, 5, 5, 1]); // prettier-ignore
  });

  test("what there is at the start holds for a window too", () => {
    const rule = { ...RULE, downStabilizationSeconds: 300 };
    expect(run(rule, 5, [[0, undefined], [5, 0], [299, 0], [301, 0]])).toEqual([5, 5, 5, 1]); // prettier-ignore
  });

  test("up waits until all of the window asked for more", () => {
    const rule = { ...RULE, upStabilizationSeconds: 60 };
    expect(run(rule, 1, [[0, 100], [30, 500], [61, 300]])).toEqual([1, 1, 3]); // prettier-ignore
  });

  test("cooldown: no change in the other direction", () => {
    const rule = { ...RULE, cooldownSeconds: 120 };
    expect(run(rule, 1, [[0, 500], [60, 100], [119, 900], [200, 100], [240, 100]])).toEqual([5, 5, 9, 9, 1]); // prettier-ignore
  });
});

test("an unknown metric changes nothing, and says so", () => {
  expect(run(RULE, 4, [[0, undefined]])).toEqual([4]);
  expect(desiredReplicas(RULE, firstScalingState(), undefined, 4, 0).reason).toContain("not known");
});

test("whatever comes: within min and max, whole, and steady under a steady load", () => {
  const rule = fc.record({
    per: fc.constantFrom<"total" | "each">("total", "each"),
    target: fc.double({ min: 0.001, max: 1000, noNaN: true }),
    min: fc.integer({ min: 0, max: 3 }),
    max: fc.integer({ min: 3, max: 50 }),
    tolerance: fc.double({ min: 0, max: 0.5, noNaN: true }),
    upStabilizationSeconds: fc.integer({ min: 0, max: 60 }),
    downStabilizationSeconds: fc.integer({ min: 0, max: 300 }),
    cooldownSeconds: fc.integer({ min: 0, max: 60 }),
  });
  const values = fc.array(fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(rule, fc.integer({ min: 0, max: 60 }), values, (given, replicas, all) => {
      const desired = run(given, replicas, all.map((value, index) => [index * 5, value] as const)); // prettier-ignore
      for (const count of desired) {
        expect(Number.isInteger(count)).toBe(true);
        expect(count).toBeGreaterThanOrEqual(given.min);
        expect(count).toBeLessThanOrEqual(given.max);
      }
    }),
  );
});
