import { InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import { aboveZero, amount, duration, weight } from "./option-values.ts";

test.each([
  ["30s", 30],
  ["5m", 300],
  ["1.5h", 5400],
  ["2d", 172_800],
])("%s lasts %i seconds", (written, seconds) => {
  expect(duration(written)).toBe(seconds);
});

test.each([["300"], ["0s"], ["-5m"], ["5 m"], ["5w"], ["m"], [""], ["1e3s"]])("%j is no duration", (written) => {
  expect(() => duration(written)).toThrow(InvalidArgumentError);
});

test("amounts begin at 0, times above it", () => {
  expect([amount("0"), amount("0.25"), aboveZero("0.5")]).toEqual([0, 0.25, 0.5]);
  for (const written of ["-1", "", "x", "0x10", "1e9", "Infinity"]) expect(() => amount(written)).toThrow();
  for (const written of ["0", "3601", "x"]) expect(() => aboveZero(written)).toThrow(InvalidArgumentError);
});

test("weights are whole, from 1 to 1000", () => {
  expect([weight("1"), weight("1000")]).toEqual([1, 1000]);
  for (const written of ["0", "1001", "1.5", "-1", "", "x"])
    expect(() => weight(written)).toThrow(InvalidArgumentError);
});
