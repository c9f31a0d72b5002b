import fc from "fast-check";
import { expect, test } from "vitest";
import { configText } from "./config-text.ts";

test("the order of keys does not matter, anything else does", () => {
  expect(configText({ a: 1, b: { c: [true, "x"] } })).toBe(configText({ b: { c: [true, "x"] }, a: 1 }));
  const different = [
    { a: 1 },
    { a: "1" },
    { a: true },
    { b: 1 },
    { a: [1] },
    { a: 1.5 },
    { a: -1 },
    {},
    { a: { a: 1 } },
  ];
  expect(new Set(different.map(configText)).size).toBe(different.length);
});

test("equal for equal configurations, however they were made", () => {
  const shuffled = (value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, inner]) => [name, shuffled(inner)]),
        )
      : value;
  const value = fc.object({ values: [fc.string(), fc.integer(), fc.boolean()], maxDepth: 3 });
  fc.assert(
    fc.property(value, (config) => {
      expect(configText(shuffled(config))).toBe(configText(config));
    }),
  );
});
