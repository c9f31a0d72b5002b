import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COUNT_LIMIT,
  ONE_CALL,
  ONE_FAILURE,
  ONE_SLOW,
  callsOf,
  failuresOf,
  packCounts,
  slowOf,
} from "./packed-counts.ts";

const count = fc.integer({ min: 0, max: COUNT_LIMIT - 1 });

describe("packed counts", () => {
  it("come back as they went in, up to the limit", () => {
    fc.assert(
      fc.property(count, count, count, (calls, failures, slow) => {
        const packed = packCounts(calls, failures, slow);
        expect(Number.isSafeInteger(packed)).toBe(true);
        expect([callsOf(packed), failuresOf(packed), slowOf(packed)]).toEqual([calls, failures, slow]);
      }),
    );
  });

  it("add up one call at a time", () => {
    const kinds = [ONE_CALL, ONE_CALL + ONE_FAILURE, ONE_CALL + ONE_SLOW, ONE_CALL + ONE_FAILURE + ONE_SLOW];
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 200 }), (calls) => {
        const packed = calls.reduce((sum, kind) => sum + (kinds[kind] ?? 0), 0);
        const failed = calls.filter((kind) => kind === 1 || kind === 3).length;
        const slow = calls.filter((kind) => kind >= 2).length;
        expect(packed).toBe(packCounts(calls.length, failed, slow));
      }),
    );
  });
});
