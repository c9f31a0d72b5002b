/** docs/configuration.md shows the fields that the schema declares. */
import { expect, test } from "vitest";
import { gatewaySchema } from "../../cli/build/load/gateway-schema.ts";
import { configTable, schema as s } from "../../plugins/_kit/index.ts";
import { read } from "./repository.ts";

const SECTION = /<!-- config:begin ([\w ]+) -->\n(.*?)\n<!-- config:end -->/gs;

interface Section {
  readonly fields: readonly string[];
  readonly table: string;
}

function sections(markdown: string): readonly Section[] {
  const found = [...markdown.matchAll(SECTION)];
  return found.map(([, fields = "", table = ""]) => ({ fields: fields.split(" "), table: table.trim() }));
}

function tableOf(fields: readonly string[]): string {
  const chosen = Object.entries(gatewaySchema.fields).filter(([name]) => fields.includes(name));
  return configTable(s.record(Object.fromEntries(chosen))).trim();
}

const shown = sections(read("docs/configuration.md"));

test.each(shown)("the table of $fields is the schema's", ({ fields, table }) => {
  expect(table).toBe(tableOf(fields));
});

test("every field of gateway.yaml is in one of the tables", () => {
  expect(shown.flatMap(({ fields }) => fields).sort()).toEqual(Object.keys(gatewaySchema.fields).sort());
});

test("sections are found by their markers", () => {
  const markdown = "# T\n<!-- config:begin listen admin -->\n| a |\n<!-- config:end -->\n";
  expect(sections(markdown)).toEqual([{ fields: ["listen", "admin"], table: "| a |" }]);
  expect(sections("<!-- config:begin listen -->\n")).toEqual([]);
});
