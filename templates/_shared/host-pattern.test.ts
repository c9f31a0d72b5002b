import { expect, test } from "vitest";
import { hostPattern, UTF_PREFIX } from "./host-pattern.ts";

test.each([
  ["^[0-9]{3}$", "^[0-9]{3}(?![\\s\\S])"],
  ["^\\$[$]$", "^\\$[$](?![\\s\\S])"],
  ["^a.b", "(*UTF)^a[^\\n\\r\u2028\u2029]b"],
  ["^\\.[.]", "^\\.[.]"],
  ["^[[:a:]x", "^[\\[:a:]x"],
  ["^[\\[\\]]+", "^[\\[\\x5d]+"],
  ["^[\\\\]", "^[\\\\]"],
  ["[]", "(?!)"],
  ["^[^]{2}", "(*UTF)^[\\s\\S]{2}"],
  ["^[^ ]", "(*UTF)^[^ ]"],
  ["é", "(*UTF)é"],
])("%s is %s for a host", (pattern, expected) => {
  expect(hostPattern(pattern)).toBe(expected);
});

const TEXTS = [
  "",
  "a",
  "a\n",
  "ab",
  "a\rb",
  "a\u2028b",
  "é",
  "aéb",
  "[",
  "]",
  ":",
  "$",
  ".",
  "a.b",
  "\\",
  "503",
  "😀",
  " ",
];

test.each([
  "^a$",
  "^a.b$",
  "^.$",
  "^[^ ]$",
  "^[[:a]$",
  "^[\\[\\]]$",
  "^[^]$",
  "[]",
  "^\\.$",
  "^[$.]$",
  "é",
  "^[0-9]{3}$",
])("%s means the same to JavaScript before and after", (pattern) => {
  const host = new RegExp(hostPattern(pattern).replace(UTF_PREFIX, ""), "u");
  const own = new RegExp(pattern, "u");
  expect(TEXTS.filter((text) => host.test(text))).toEqual(TEXTS.filter((text) => own.test(text)));
});
