import fc from "fast-check";
import { expect, it } from "vitest";
import { decimalPrefix } from "./decimal-prefix.ts";

it.each([
  ["0", 0],
  ["12", 12],
  ["0.3", 0.3],
  [".5", 0.5],
  ["7.", 7],
  ["10.0,eps=1", 10],
  ["0.25 , x", 0.25],
  ["0.25\t", 0.25],
  ["1e-05", 1e-5],
  ["2.5E+2,", 250],
  ["1e3", 1000],
  ["999999999999999", 999999999999999],
])("reads %j", (text, value) => {
  expect(decimalPrefix(text)).toBe(value);
});

it.each([
  "",
  ",",
  ".",
  "-1",
  "+1",
  "x",
  "1x",
  "1.2.3",
  "0x10",
  "1e",
  "1e+",
  "1e1e1",
  "e5",
  "1e9999",
  "1e20",
  "1_000",
  "NaN",
  "inf",
])("does not take %j for a number", (text) => {
  expect(decimalPrefix(text)).toBeUndefined();
});

it("refuses thousands of digits instead of taking them for no number at all", () => {
  expect(decimalPrefix("9".repeat(5000))).toBeUndefined();
  expect(decimalPrefix(`0.${"3".repeat(5000)}`)).toBeCloseTo(1 / 3, 14);
  expect(decimalPrefix(`${"0".repeat(400)}1`)).toBe(1);
});

it("reads what JavaScript prints", () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 1e15, noNaN: true }),
    fc.nat(),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  const after = fc.constantFrom("", ",", " ", ", x=1");
  fc.assert(
    fc.property(value, after, (number, rest) => {
      const read = decimalPrefix(`${String(number)}${rest}`) ?? NaN;
      expect(Math.abs(read - number)).toBeLessThanOrEqual(number * 1e-14 + 1e-290);
    }),
    { numRuns: 2000 },
  );
});
