import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileValues } from "../../test/harness/hostile-values.ts";
import { dataKeys, dnsLabels, isLabelValue } from "./names.ts";

const labelOf = (text: string): string => dnsLabels([text]).get(text) ?? "";

test.each([
  ["users", "users"],
  ["users.v2", "users-v2"],
  ["Users_API", "users-api"],
  ["-._", "x-"],
  ["x".repeat(64), "x".repeat(45)],
])("an upstream %s is called %s", (name, begin) => {
  expect(labelOf(name)).toMatch(new RegExp(`^${begin}(-?[0-9a-f]{6})?$`));
});

test("two that would be the same are told apart; the one that is a label already keeps its name, in any order", () => {
  const names = ["users.v2", "users-v2", "users_v2"];
  const labels = dnsLabels(names);
  expect(labels.get("users-v2")).toBe("users-v2");
  expect(new Set(labels.values()).size).toBe(3);
  expect(new Map([...dnsLabels([...names].reverse())].reverse())).toEqual(labels);
});

test("every label is one of DNS and every key one of a ConfigMap, and no two are the same", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(fc.string(), fc.constantFrom(...hostileValues)), { maxLength: 30 }),
      (texts) => {
        const labels = [...dnsLabels(texts).values()];
        expect(labels.filter((label) => !/^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/.test(label))).toEqual([]);
        expect(new Set(labels).size).toBe(texts.length);
        const keys = [...dataKeys(texts).values()];
        expect(keys.filter((key) => !/^(?!\.)[-._a-zA-Z0-9]{1,253}$/.test(key))).toEqual([]);
        expect(new Set(keys).size).toBe(texts.length);
      },
    ),
  );
});

test("paths that differ by a slash only have keys of their own", () => {
  const keys = dataKeys(["lua/a/b.lua", "lua/a.b.lua", "lua/c.lua"]);
  expect(keys.get("lua/c.lua")).toBe("lua.c.lua");
  expect(new Set(keys.values()).size).toBe(3);
});

test.each([
  ["users.v2", true],
  ["a".repeat(63), true],
  ["a".repeat(64), false],
  ["_users", false],
  ["users-", false],
  ["", false],
])("%j as the value of a label: %s", (text, valid) => {
  expect(isLabelValue(text)).toBe(valid);
});
