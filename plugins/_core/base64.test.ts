import fc from "fast-check";
import { expect, test } from "vitest";
import { base64 } from "./base64.ts";

test.each(["", "f", "fo", "foo", "foob", "user:pa:ss", "~~~???>>>"])("%j is encoded as Node does it", (text) => {
  expect(base64(text)).toBe(Buffer.from(text).toString("base64"));
});

test("any text of ASCII is encoded as Node does it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii", maxLength: 60 }), (text) => {
      expect(base64(text)).toBe(Buffer.from(text).toString("base64"));
    }),
  );
});
