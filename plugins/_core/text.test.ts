import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstField, integerText, otherFields, parseDigits, plainField } from "./text.ts";

describe("text", () => {
  it("writes and reads integers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999_999 }), (value) => {
        expect(parseDigits(integerText(value))).toBe(value);
      }),
    );
  });

  it.each(["", "-1", "1.5", " 1", "1e3", "0x1", "1:", "1/"])("does not take %j for digits", (text) => {
    expect(parseDigits(text)).toBeUndefined();
  });

  it("splits at the first bar", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (head, tail) => {
        fc.pre(!head.includes("|"));
        expect([firstField(`${head}|${tail}`), otherFields(`${head}|${tail}`)]).toEqual([head, tail]);
        expect([firstField(head), otherFields(head)]).toEqual([head, ""]);
      }),
    );
  });

  it("keeps bars and control characters out of a field", () => {
    expect(plainField("a|b\nc\u0000d\u007fe ü")).toBe("a b c d e ü");
  });
});
