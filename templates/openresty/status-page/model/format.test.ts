import { describe, expect, test } from "vitest";
import { about, anything, bytes, clock, count, latency, percent, plain, rate, share, untilText } from "./format.ts";

/** The unit may not be parted from its number. */
const parted = (text: string): string => text.replaceAll("\u00a0", " ");

describe("figures", () => {
  test.each([
    [rate(0), "0/s"],
    [rate(0.04), "<0.1/s"],
    [rate(12.34), "12.3/s"],
    [rate(99.97), "100/s"],
    [rate(9999), "9999/s"],
    [rate(12_340), "12k/s"],
    [percent(0), "0 %"],
    [percent(0.02), "<0.1 %"],
    [percent(1.25), "1.3 %"],
    [percent(83.33), "83 %"],
    [percent(100), "100 %"],
    [share(0.34), "34 %"],
    [latency(0), "0 ms"],
    [latency(0.0000421), "42 µs"],
    [latency(0.0042), "4.2 ms"],
    [latency(0.0999), "100 ms"],
    [latency(0.99951), "1.00 s"],
    [latency(1.254), "1.25 s"],
    [latency(75), "75 s"],
    [count(1_234_567), "1,234,567"],
    [count(0), "0"],
    [plain(0.64), "0.64"],
    [plain(2), "2"],
    [bytes(999), "999 B"],
    [bytes(61_400_000), "61 MB"],
    [bytes(1_250_000_000), "1.3 GB"],
    [about(0), "0 s"],
    [about(93_784), "26 h"],
    [about(301), "5 min"],
    [about(61), "61 s"],
    [about(7_000), "2 h"],
    [about(-1), "0 s"],
  ])("%s", (shown, expected) => {
    expect(parted(shown)).toBe(expected);
  });

  test("a figure that is not known is a dash and never a zero", () => {
    const all = [rate, percent, share, latency, count, plain, bytes, about, clock];
    expect(all.map((format) => format(undefined))).toEqual(all.map(() => "–"));
    expect(all.map((format) => format(Number.NaN))).toEqual(all.map(() => "–"));
  });

  test("an end is a time of day and how far off it is, and nothing when it is over", () => {
    const now = new Date(2026, 10, 22, 12, 5, 9).getTime() / 1000;
    expect(parted(untilText(now + 200, now))).toBe("until 12:08:29 (3 min)");
    expect([untilText(now, now), untilText(0, now), untilText(undefined, now)]).toEqual(["", "", ""]);
  });

  test("a time is the reader's time of day", () => {
    const noon = new Date(2026, 10, 22, 12, 5, 9).getTime() / 1000;
    expect(clock(noon)).toBe("12:05:09");
  });

  test("inputs of any kind fit in a line", () => {
    expect([anything(83.33333), anything("connection refused"), anything([1, 2]), anything(true)]).toEqual([
      "83.333",
      "connection refused",
      "[1,2]",
      "true",
    ]);
  });
});
