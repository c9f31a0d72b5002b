import fc from "fast-check";
import { expect, test } from "vitest";
import { percentText } from "./percent-text.ts";

test("what could mean something in a URL is escaped", () => {
  expect(percentText("a&b=c/d?e#f g%h+i\u0000\n\u007f")).toBe("a%26b%3Dc%2Fd%3Fe%23f%20g%25h%2Bi%00%0A%7F");
});

test("a decoder gives the text again, and nothing but letters, digits, -._~ and % is left", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii", maxLength: 60 }), (text) => {
      const encoded = percentText(text);
      expect(decodeURIComponent(encoded)).toBe(text);
      expect(encoded).toMatch(/^[A-Za-z0-9._~%-]*$/);
    }),
  );
});
