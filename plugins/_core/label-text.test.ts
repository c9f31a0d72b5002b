import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cleanText, escapedLabel } from "./label-text.ts";

/** Bytes, one character each: as strings are in Lua. */
const bytes = (text: string): string => Buffer.from(text).toString("latin1");
const anyBytes = fc.uint8Array({ maxLength: 300 }).map((list) => Buffer.from(list).toString("latin1"));
/** Mostly valid text, with bytes put in and cut out. */
const nearlyText = fc
  .tuple(fc.string({ unit: "binary", maxLength: 40 }), fc.nat({ max: 60 }), fc.string({ unit: "binary", maxLength: 4 }))
  .map(([text, at, more]) => bytes(text).slice(0, at) + more.slice(0, 2) + bytes(text).slice(at + 1));

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const decoded = (text: string): string => utf8.decode(Buffer.from(text, "latin1"));

describe("cleanText", () => {
  it("is valid UTF-8 without control characters, and not too long", () => {
    fc.assert(
      fc.property(fc.oneof(anyBytes, nearlyText), fc.integer({ min: 1, max: 256 }), (raw, max) => {
        const clean = cleanText(raw, max);
        expect(clean.length).toBeLessThanOrEqual(max);
        expect(decoded(clean)).not.toMatch(/\p{Cc}/u);
      }),
      { numRuns: 3000 },
    );
  });

  it("leaves good text as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
        fc.pre(!/\p{Cc}/u.test(text) && bytes(text).length <= 256);
        expect(decoded(cleanText(bytes(text), 256))).toBe(text);
      }),
    );
  });

  it("replaces just what TextDecoder would, byte by byte", () => {
    fc.assert(
      fc.property(anyBytes, (raw) => {
        const kept = decoded(cleanText(raw.slice(0, 256), 256)).replaceAll("?", "");
        const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.from(raw.slice(0, 256), "latin1"));
        expect(kept).toBe(lossy.replaceAll(/[\p{Cc}\ufffd?]/gu, ""));
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ["cut between characters", bytes("aé💥"), 2, "a"],
    ["cut behind one", bytes("aé💥"), 3, bytes("aé")],
    ["longer than need be", "\xc0\x80", 9, "??"],
    ["half of a UTF-16 pair", "\xed\xa0\x80", 9, "???"],
    ["above U+10FFFF", "\xf4\x90\x80\x80", 9, "????"],
    ["a control character of two bytes", "a\xc2\x85b", 9, "a??b"],
    ["a line end", "a\r\nb\x7f", 9, "a??b?"],
    ["an end in the middle", "\xf0\x9f\x92", 9, "???"],
  ])("%s", (_title, raw, max, clean) => {
    expect(cleanText(raw, max)).toBe(clean);
  });
});

it("escapes what Prometheus reads as an escape", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("\\", '"', "\n", "a", "n", "é") }), (text) => {
      const escaped = escapedLabel(text);
      expect(escaped).toMatch(/^(?:[^"\\\n]|\\["\\n])*$/);
      expect(escaped.replaceAll(/\\(.)/g, (_all, one: string) => (one === "n" ? "\n" : one))).toBe(text);
    }),
  );
});
