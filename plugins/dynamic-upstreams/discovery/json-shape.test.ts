import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { fieldOf, listOf, listOrOne, portNumber, textField, wholeNumber } from "./json-shape.ts";

describe("listOf", () => {
  it("takes lists as they are, and an object without fields, which is the same in Lua", () => {
    expect([listOf([1, "a", {}]), listOf([]), listOf({})]).toEqual([[1, "a", {}], [], []]);
  });

  test.each([undefined, 1, "text", true, { a: 1 }, { length: 2 }, { 1: "a" }])("%j is no list", (value) => {
    expect(listOf(value)).toBeUndefined();
  });

  it("refuses a list with a null in it: in Lua it would seem to end there", () => {
    expect(listOf(["a", undefined, "b"])).toBeUndefined();
    expect(listOf(JSON.parse('["a",null,"b"]', (_name, value: unknown) => value ?? undefined))).toBeUndefined();
  });
});

test("listOrOne: what is alone may stand without its list", () => {
  expect([listOrOne(undefined), listOrOne([1, 2]), listOrOne({ a: 1 }), listOrOne("a")]).toEqual([
    [],
    [1, 2],
    [{ a: 1 }],
    ["a"],
  ]);
});

describe("wholeNumber", () => {
  it("takes numbers and digits in the bounds", () => {
    expect([wholeNumber(5, 1, 5), wholeNumber("5", 1, 5), wholeNumber(0, 0, 9)]).toEqual([5, 5, 0]);
  });

  it("does not read digits without end", () => {
    expect([wholeNumber("0000000000000005", 1, 5), wholeNumber("00000000000000005", 1, 5)]).toEqual([5, undefined]);
  });

  test.each([0, 6, 1.5, NaN, Infinity, "", "6", "1.5", "-1", "a", true, {}, undefined])(
    "%j is none from 1 to 5",
    (value) => {
      expect(wholeNumber(value, 1, 5)).toBeUndefined();
    },
  );
});

test("nothing throws, whatever the value", () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (value) => {
      const seen = value === null ? undefined : value;
      fieldOf(seen, "a");
      textField(seen, "a");
      listOf(seen);
      listOrOne(seen);
      portNumber(seen);
    }),
  );
});
