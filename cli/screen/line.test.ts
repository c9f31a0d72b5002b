import fc from "fast-check";
import pc from "picocolors";
import { expect, test } from "vitest";
import { clipLine, clipText, lineWidth, paintLine, span, textWidth } from "./line.ts";

test.each([
  ["abc", 3],
  ["", 0],
  ["naïve", 5],
  ["e\u0301te\u0301", 3],
  ["日本", 4],
  ["a🙂b", 4],
  ["→ ▁█…", 5],
])("%j takes %i columns", (text, width) => {
  expect(textWidth(text)).toBe(width);
});

test.each([
  ["route:users", 11, "route:users"],
  ["route:users", 10, "route:use…"],
  ["two words", 5, "two…"],
  ["日本語", 4, "日…"],
  ["abc", 1, "…"],
  ["abc", 0, ""],
])("%j in %i columns is %j", (text, width, clipped) => {
  expect(clipText(text, width)).toBe(clipped);
});

test("a line is cut across its pieces, and keeps their tones", () => {
  const line = [span("ab", "strong"), span("cdef", "bad"), span("gh")];
  expect(clipLine(line, 8)).toEqual(line);
  expect(clipLine(line, 4)).toEqual([span("ab", "strong"), span("c…", "bad")]);
  expect(clipLine(line, 0)).toEqual([]);
});

test("whatever the text, it is never wider than it may be", () => {
  const spans = fc.array(fc.string({ unit: "grapheme" }).map((text) => span(text)));
  fc.assert(
    fc.property(spans, fc.nat(20), (line, width) => {
      expect(lineWidth(clipLine(line, width))).toBeLessThanOrEqual(width);
    }),
  );
});

test("tones are colors where there are colors, and nothing elsewhere", () => {
  const line = [span("ab", "strong"), span("cd", "bad"), span("e")];
  expect(paintLine(line, pc.createColors(false))).toBe("abcde");
  expect(paintLine(line, pc.createColors(true))).toBe("\u001b[1mab\u001b[22m\u001b[31mcd\u001b[39me");
});
