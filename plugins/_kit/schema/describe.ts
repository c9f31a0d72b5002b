import type { Fields, RecordSchema, Schema } from "./types.ts";
import { fill } from "./validate.ts";
import { allowedWords, countWords } from "./words.ts";

/**
 * The configuration table of a README, in Markdown: one row a field, nested fields by their path (`open.seconds`,
 * `targets[].host`, `labels.*`).
 */
export function configTable(schema: Schema): string {
  const rows = rowsOf(schema, "").map(({ name, type, fallback, text }) => {
    return `| ${[`\`${name}\``, type, fallback, text].map(cell).join(" | ")} |`;
  });
  return ["| field | allowed | default | what it does |", "|---|---|---|---|", ...rows].join("\n");
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly fallback: string;
  readonly text: string;
}

function rowsOf(schema: Schema, name: string): readonly Row[] {
  const own = name === "" ? [] : [rowOf(schema, name)];
  switch (schema.kind) {
    case "record": {
      const prefix = name === "" ? "" : `${name}.`;
      const fields = Object.entries(schema.fields).flatMap(([key, field]) => {
        return repeats(field, schema) ? [rowOf(field, prefix + key)] : rowsOf(field, prefix + key);
      });
      return schema.description === "" ? fields : [...own, ...fields];
    }
    case "list":
      return [...own, ...inner(schema.item, `${name}[]`)];
    case "map":
      return [...own, ...inner(schema.value, `${name}.*`)];
    case "either":
      return [...own, ...schema.branches.flatMap((branch) => inner(branch, name))];
    default:
      return own;
  }
}

/** True for a list of records whose every field the record around it has too: those rows are in the table already. */
function repeats(field: Schema, around: RecordSchema<Fields>): boolean {
  if (field.kind !== "list" || field.item.kind !== "record") return false;
  const known = new Set(Object.values(around.fields));
  return Object.values(field.item.fields).every((inner) => known.has(inner));
}

/** Only records below need rows of their own; the row above describes the rest. */
function inner(schema: Schema, name: string): readonly Row[] {
  return rowsOf(schema, name).slice(schema.kind === "record" && schema.description === "" ? 0 : 1);
}

function rowOf(schema: Schema, name: string): Row {
  const marks = [schema.secret === true ? "Secret." : "", schema.deprecated ? `Deprecated: ${schema.deprecated}.` : ""];
  return {
    name,
    type: typeWords(schema),
    fallback: fallbackWords(schema),
    text: [schema.description, ...marks].filter((part) => part !== "").join(" "),
  };
}

function typeWords(schema: Schema): string {
  if (schema.kind === "list") return `list of ${typeWords(schema.item)}${limits(schema.minItems, schema.maxItems)}`;
  if (schema.kind === "map") return `map of ${typeWords(schema.value)}${limits(schema.minEntries, schema.maxEntries)}`;
  if (schema.kind !== "string") return allowedWords(schema);
  return `${schema.expects ?? "text"}${limits(schema.minLength, schema.maxLength)}`;
}

function limits(min: number | undefined, max: number | undefined): string {
  return min === undefined && max === undefined ? "" : ` (${countWords(min, max, "", "").trim()})`;
}

function fallbackWords(schema: Schema): string {
  if (schema.optional) return "none";
  const filled = fill(schema);
  if (filled === undefined) return "required";
  return schema.kind === "record" ? "as below" : `\`${JSON.stringify(filled.value)}\``;
}

function cell(text: string): string {
  return text.replace(/\s+/g, " ").replaceAll("|", "\\|");
}
