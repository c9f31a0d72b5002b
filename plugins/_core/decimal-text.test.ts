import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalText, sampleRate } from "./decimal-text.ts";

test("six decimals without an exponent", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (value) => {
      expect(decimalText(value)).toMatch(/^\d+\.\d{6}$/);
      expect(Math.abs(Number(decimalText(value)) - value)).toBeLessThan(6e-7);
    }),
  );
  expect([0, 1e-6, 0.25, 10, 99.9999999].map(decimalText)).toEqual([
    "0.000000",
    "0.000001",
    "0.250000",
    "10.000000",
    "100.000000",
  ]);
});

test("a receiver that counts int(1 / rate) times counts as often as it happened", () => {
  const count = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 1_000_000_000 }));
  fc.assert(
    fc.property(count, (times) => {
      const rate = sampleRate(times);
      expect(rate).toMatch(/^(?:1|0\.\d+)$/);
      expect(Math.trunc(1 / Number(rate))).toBe(times);
    }),
    { numRuns: 5000 },
  );
  expect([1, 2, 3, 4, 10].map(sampleRate)).toEqual([
    "1",
    "0.500000000000",
    "0.333333333333",
    "0.250000000000",
    "0.100000000000",
  ]);
});
