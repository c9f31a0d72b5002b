import { expect, test } from "vitest";
import { parse } from "yaml";
import { hostileValues } from "../../test/harness/hostile-values.ts";
import { sizeText } from "./host-config.ts";
import { yamlText } from "./yaml-text.ts";

const fit = hostileValues.filter((value) => !value.includes("${{"));

test("every value comes back as the text it was, as value and as key", () => {
  for (const text of [
    ...fit,
    "on",
    "no",
    "null",
    "~",
    "1:20",
    "0x10",
    "1e3",
    "inf",
    ".nan",
    "2024-01-01",
    "#END",
    "",
  ]) {
    expect(parse(yamlText({ text }), { version: "1.1" })).toEqual({ text });
    expect(parse(yamlText({ [text]: 1 }), { version: "1.1" })).toEqual({ [text]: 1 });
  }
});

test("words that Lua or YAML 1.1 take for something else are quoted, others are not", () => {
  expect(yamlText({ on: "yes", inf: 1, plugins: true })).toBe('"on": "yes"\n"inf": 1\nplugins: true\n');
});

test("the same object twice is written twice", () => {
  const same = { a: 1 };
  expect(yamlText({ first: same, second: same })).toBe("first:\n  a: 1\nsecond:\n  a: 1\n");
});

test.each([
  [16 * 1024 * 1024, "16m"],
  [64 * 1024, "64k"],
  [1000, "1000"],
])("%i bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
