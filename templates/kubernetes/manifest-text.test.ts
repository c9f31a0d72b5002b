import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { hostileValues } from "../../test/harness/hostile-values.ts";
import { isPlainText, manifestText } from "./manifest-text.ts";

/** What readers of both versions of YAML make of it. */
const readBack = (value: object): readonly unknown[] => {
  return (["1.1", "1.2"] as const).map((version) => parse(manifestText(value), { version }) as unknown);
};

const words = [
  "on",
  "no",
  "null",
  "~",
  "1:20",
  "0o7",
  "0x10",
  "1e3",
  ".nan",
  "2024-01-01",
  "",
  "---",
  "...",
  "- a",
  "a: b",
];

test("every value comes back as the text it was", () => {
  for (const text of [...hostileValues, ...words]) {
    const value = { text, list: [{ text: `${text}\n` }] };
    expect(readBack(value)).toEqual([value, value]);
  }
});

test.each(words)("%j is the same as a key", (text) => {
  expect(readBack({ [text]: 1 })).toEqual([{ [text]: 1 }, { [text]: 1 }]);
});

test("whatever is called plain comes back byte by byte", () => {
  const line = fc.oneof(fc.string(), fc.constantFrom(...hostileValues, "  indented", "\tindented", "trailing  ", ""));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const text = `${lines.join("\n")}\n`;
      if (isPlainText(text)) expect(readBack({ data: { text } })).toEqual([{ data: { text } }, { data: { text } }]);
    }),
  );
});

test.each(["return {}\n", "a\n\n  b\n\tc\n", "-- é 💥\n"])("%j is written as a block", (text) => {
  expect(isPlainText(text)).toBe(true);
  expect(manifestText({ data: { text: `${text}x\n` } })).toContain("text: |\n");
});

test.each(["no line feed", "\n", " leading\n", "a\r\n", "a\u0085b\n", "a\u2028b\n", "a\0b\n", "\ufeffa\n", "\ud800\n"])(
  "%j is not",
  (text) => {
    expect(isPlainText(text)).toBe(false);
  },
);

test("what only some readers take for the end of a line is escaped", () => {
  expect(manifestText({ text: "a\u0085b\u2028c\u2029d" })).toContain('text: "a\\u0085b\\u2028c\\u2029d"\n');
});

test("no value makes an anchor or a second document", () => {
  const same = { text: "--- \n&a *a\n---\n" };
  expect(manifestText({ first: same, second: same })).not.toMatch(/^---|[:-] [&*]/m);
});
