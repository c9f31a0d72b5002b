import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newProbeState, takeProbe, type ProbeState } from "./probe-state.ts";

/** What it is taken for after each of the results: `+` went well, `-` failed. */
function run(state: ProbeState, results: string, healthyAfter = 2, unhealthyAfter = 3): string {
  return Array.from(results)
    .map((result) => {
      takeProbe(state, result === "+", false, healthyAfter, unhealthyAfter);
      return state.unhealthy ? "s" : "w";
    })
    .join("");
}

describe("a peer that was probed before", () => {
  it("is sick after so many failures in a row", () => {
    expect(run(newProbeState(true, false), "--+---")).toBe("wwwwws");
  });

  it("is well after so many successes in a row", () => {
    expect(run(newProbeState(true, true), "+-++")).toBe("sssw");
  });

  it("needs one when the threshold is one", () => {
    expect(run(newProbeState(true, false), "-+-", 1, 1)).toBe("sws");
  });
});

describe("a new peer", () => {
  it("is sick after its first probe if that fails, and needs the whole row to get well", () => {
    expect(run(newProbeState(false, false), "-++")).toBe("ssw");
  });

  it("is well after its first probe if that goes well, and needs the whole row to get sick", () => {
    expect(run(newProbeState(false, false), "+---")).toBe("wwws");
    expect(run(newProbeState(false, true), "+---")).toBe("wwws");
  });
});

it("believes a peer at once that says itself what it is", () => {
  const state = newProbeState(true, false);
  expect(takeProbe(state, false, true, 2, 3)).toBe(true);
  expect(state.unhealthy).toBe(true);
  expect(takeProbe(state, true, true, 2, 3)).toBe(true);
  expect(state.unhealthy).toBe(false);
});

it("says that something changed exactly when it did, and only after a whole row", () => {
  const threshold = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(fc.array(fc.boolean()), threshold, threshold, fc.boolean(), (results, healthy, sick, unhealthy) => {
      const state = newProbeState(true, unhealthy);
      results.forEach((succeeded, index) => {
        const before = state.unhealthy;
        const changed = takeProbe(state, succeeded, false, healthy, sick);
        expect(changed).toBe(state.unhealthy !== before);
        const needed = succeeded ? healthy : sick;
        const row = results.slice(0, index + 1).slice(-needed);
        if (changed) expect(row.length === needed && row.every((each) => each === succeeded)).toBe(true);
        else if (row.length === needed && row.every((each) => each === succeeded))
          expect(state.unhealthy).toBe(!succeeded);
      });
    }),
  );
});
