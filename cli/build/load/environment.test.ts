import { expect, test } from "vitest";
import { expand, retype } from "./environment.ts";

const ENV = { NAME: "users", EMPTY: "", TRICKY: "${NAME}$&$1", PORT: "8080" };

test.each([
  ["no placeholder, $host and $$ stay", "no placeholder, $host and $$ stay"],
  ["${NAME}", "users"],
  ["a-${NAME}-${PORT}", "a-users-8080"],
  ["${NAME:-other}", "users"],
  ["${MISSING:-other}", "other"],
  ["${MISSING:-}", ""],
  ["${EMPTY}", ""],
  ["${EMPTY:-other}", "other"],
  ["${MISSING:-a b:c-d}", "a b:c-d"],
  ["$${NAME}", "${NAME}"],
  ["$${NAME} ${NAME}", "${NAME} users"],
  ["${TRICKY}", "${NAME}$&$1"],
])("%s becomes %s", (text, filled) => {
  expect(expand(text, ENV)).toMatchObject({ text: filled, unset: [] });
  expect(expand(text, ENV).malformed).toBeUndefined();
});

test("what is not set is told, each name", () => {
  expect(expand("${A}:${B}:${NAME}", ENV).unset).toEqual(["A", "B"]);
});

test("names of Object.prototype are not set", () => {
  expect(expand("${constructor}${__proto__}", ENV).unset).toEqual(["constructor", "__proto__"]);
});

test.each([
  ["${", "${"],
  ["${NAME", "${NAME"],
  ["a ${1X} b", "${1X"],
  ["${NAME-x}", "${NAME-x"],
  ["${NAME:+x}", "${NAME:+x"],
  ["${}", "${"],
  ["${NAME} ${x y}", "${x y"],
])("%s is malformed", (text, shown) => {
  expect(expand(text, ENV).malformed).toBe(shown);
});

test.each([
  ["8080", 8080],
  ["-1", -1],
  ["0x1F", 31],
  ["0o17", 15],
  ["1.5", 1.5],
  [".5", 0.5],
  ["1e3", 1000],
  ["true", true],
  ["FALSE", false],
  ["yes", "yes"],
  ["null", "null"],
  ["", ""],
  ["1 ", "1 "],
  ["10.0.0.1", "10.0.0.1"],
  ["[1]", "[1]"],
])("%j alone and unquoted is %j", (text, value) => {
  expect(retype(text)).toBe(value);
});
