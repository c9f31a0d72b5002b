import fc from "fast-check";
import { expect, test } from "vitest";
import { firstBytes, withoutFirst } from "./byte-cut.ts";

test("cuts where slice would", () => {
  const text = fc.string({ maxLength: 40 }).map((part) => part.repeat(300).slice(0, 9000));
  fc.assert(
    fc.property(text, fc.nat({ max: 9100 }), (whole, count) => {
      expect([firstBytes(whole, count), withoutFirst(whole, count)]).toEqual([
        whole.slice(0, count),
        whole.slice(count),
      ]);
    }),
  );
});
