import { expect, test } from "vitest";
import { fieldPath, fieldText } from "./json-field.ts";

const document = { model: "gpt-4o", stream: true, n: 3, half: 0.5, meta: { tenant: "acme", list: [1] } };

test.each([
  ["model", "gpt-4o"],
  ["stream", "true"],
  ["n", "3"],
  ["half", "0.5"],
  ["meta.tenant", "acme"],
  ["meta", undefined],
  ["meta.list", undefined],
  ["model.name", undefined],
  ["absent.name", undefined],
])("%s is %j", (path, expected) => {
  expect(fieldText(document, fieldPath(path))).toBe(expected);
});

test.each([undefined, "text", 5, true])("a document of %j has no fields", (value) => {
  expect(fieldText(value, ["model"])).toBeUndefined();
});
