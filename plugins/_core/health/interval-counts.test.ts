import fc from "fast-check";
import { expect, it } from "vitest";
import { failedOf, okOf, packInterval } from "./interval-counts.ts";

const counts = fc.tuple(fc.nat(2 ** 30 - 1), fc.nat(2 ** 21 - 1));

it("holds both counts, and the sum of packed counts is the packed sum", () => {
  fc.assert(
    fc.property(counts, counts, ([ok, failed], [moreOk, moreFailed]) => {
      const sum = packInterval(ok, failed) + packInterval(moreOk, moreFailed);
      expect([okOf(sum), failedOf(sum)]).toEqual([ok + moreOk, failed + moreFailed]);
    }),
  );
});

it("keeps the rate when there are more failures than fit", () => {
  const packed = packInterval(5_000_000, 20_000_000);
  expect(failedOf(packed) / (failedOf(packed) + okOf(packed))).toBeCloseTo(0.8, 5);
});
