import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeProbes, mayProbe, tripOf } from "./trip-rule.ts";

describe("tripOf", () => {
  it("waits for enough calls", () => {
    expect(tripOf(19, 19, 19, 20, 50, 100)).toBeUndefined();
    expect(tripOf(0, 0, 0, 0, 50, 50)).toBeUndefined();
  });

  it("trips at the threshold and not below", () => {
    expect(tripOf(100, 49, 0, 20, 50, 100)).toBeUndefined();
    expect(tripOf(100, 50, 0, 20, 50, 100)).toBe("failures");
    expect(tripOf(100, 0, 99, 20, 50, 100)).toBeUndefined();
    expect(tripOf(100, 0, 100, 20, 50, 100)).toBe("slow_calls");
  });
});

describe("judgeProbes", () => {
  it("waits, closes, opens", () => {
    expect(judgeProbes(9, 4, 0, 10, 50, 100)).toBe("wait");
    expect(judgeProbes(10, 4, 0, 10, 50, 100)).toBe("close");
    expect(judgeProbes(10, 5, 0, 10, 50, 100)).toBe("open");
    expect(judgeProbes(10, 0, 10, 10, 50, 100)).toBe("open");
  });

  it("opens early only when the rest could not save it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(50), fc.nat(50), (budget, completed, failures) => {
        fc.pre(failures <= completed && completed < budget);
        const now = judgeProbes(completed, failures, 0, budget, 50, 100);
        const best = judgeProbes(budget, failures, 0, budget, 50, 100);
        expect(now).toBe(best === "open" ? "open" : "wait");
      }),
    );
  });
});

describe("mayProbe", () => {
  it("counts the lease it asks for among those in flight", () => {
    expect(mayProbe(10, 0, 10)).toBe(true);
    expect(mayProbe(11, 0, 10)).toBe(false);
    expect(mayProbe(1, 10, 10)).toBe(false);
  });
});
