import { expect, test } from "vitest";
import { bytesText, clockText, countText, durationText, latencyText, percentText, rateText } from "./figures.ts";

test.each([
  [rateText, [0, 9.96, 99.94, 100.4, 9999, 12_345], ["0.0", "10.0", "99.9", "100", "9999", "12.3k"]],
  [percentText, [0, 0.04, 1.5, 9.99, 40.4, 100], ["0%", "0.0%", "1.5%", "10.0%", "40%", "100%"]],
  [
    latencyText,
    [0, 0.0004, 0.003, 0.01, 0.25, 1, 9.876, 12.3],
    ["0.0 ms", "0.4 ms", "3.0 ms", "10 ms", "250 ms", "1.00 s", "9.88 s", "12 s"],
  ],
  [bytesText, [0, 2 ** 20, 123_456_789, 3 * 2 ** 30], ["0 MiB", "1 MiB", "118 MiB", "3.0 GiB"]],
  [countText, [0, 7, 0.5, 0.333_333], ["0", "7", "0.5", "0.33"]],
])("%o", (format, values, texts) => {
  expect(values.map(format)).toEqual(texts);
  expect(format(undefined)).toBe("");
});

test.each([
  [-3, "0s"],
  [0.4, "0s"],
  [59.6, "1m"],
  [90, "1m 30s"],
  [300, "5m"],
  [7500, "2h 5m"],
  [86_400 * 3 + 3600, "3d 1h"],
])("%d seconds are %s", (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test("the time of day is the one here", () => {
  const noon = new Date(2026, 10, 22, 12, 3, 4).getTime() / 1000;
  expect(clockText(noon)).toBe("12:03:04");
});
