import type { Infer } from "./infer.ts";
import { type JsonType, jsonTypeOf, jsonTypesOf } from "./json-type.ts";
import { nearest } from "./nearest.ts";
import { quote, type Path } from "./path.ts";
import type { SchemaProblem, SchemaWarning } from "./problem.ts";
import type { EitherSchema, Fields, ListSchema, MapSchema, RecordSchema, Schema } from "./types.ts";
import { fits, leafProblem, quotedNumberHelp, validateLeaf } from "./validate-leaf.ts";
import { allowedWords, countWords, foundWords, orWords } from "./words.ts";

export type Validation<Value> =
  | { readonly ok: true; readonly value: Value; readonly warnings: readonly SchemaWarning[] }
  | { readonly ok: false; readonly problems: readonly SchemaProblem[]; readonly warnings: readonly SchemaWarning[] };

/**
 * Checks a JSON-like value and fills in defaults. Finds everything that is wrong, not only the first thing.
 * The value given is never changed nor shared with the result. Does not throw on any JSON value.
 */
export function validate<S extends Schema>(schema: S, value: unknown): Validation<Infer<S>> {
  const run: Run = { problems: [], warnings: [] };
  const result = visit(schema, value, [], false, run);
  const { problems, warnings } = run;
  return problems.length === 0 ? { ok: true, value: result as Infer<S>, warnings } : { ok: false, problems, warnings };
}

interface Run {
  readonly problems: SchemaProblem[];
  readonly warnings: SchemaWarning[];
}

function visit(schema: Schema, value: unknown, path: Path, secretAbove: boolean, run: Run): unknown {
  const secret = secretAbove || schema.secret === true;
  if (schema.deprecated !== undefined) {
    run.warnings.push({ code: "W_CONFIG_DEPRECATED", path, instead: schema.deprecated });
  }
  const problem = leafProblem(path, value, secret);
  switch (schema.kind) {
    case "anything":
      return structuredClone(value);
    case "either":
      return visitEither(schema, value, path, secret, run);
    case "list":
      if (Array.isArray(value)) return visitList(schema, value, path, secret, run);
      break;
    case "map":
      if (jsonTypeOf(value) === "object") return visitMap(schema, value as Values, path, secret, run);
      break;
    case "record":
      if (jsonTypeOf(value) === "object") return visitRecord(schema, value as Values, path, secret, run);
      break;
    default:
      return validateLeaf(schema, value, (...told) => run.problems.push(problem(...told)));
  }
  run.problems.push(problem("E_CONFIG_TYPE", allowedWords(schema)));
  return undefined;
}

type Values = Readonly<Record<string, unknown>>;

function visitEither(schema: EitherSchema, value: unknown, path: Path, secret: boolean, run: Run): unknown {
  const type: JsonType | undefined = jsonTypeOf(value);
  const branch = schema.branches.find((candidate) => type !== undefined && jsonTypesOf(candidate).includes(type));
  const problem = leafProblem(path, value, secret);
  if (branch === undefined) {
    run.problems.push(problem("E_CONFIG_TYPE", allowedWords(schema)));
    return undefined;
  }
  if (branch.kind !== "oneOf") return visit(branch, value, path, secret, run);
  // A wrong choice: say what the other branches would have taken, too.
  const numbers = jsonTypesOf(schema).includes("number") ? quotedNumberHelp(value) : {};
  return validateLeaf(branch, value, (code, _, help) => {
    run.problems.push(problem(code, allowedWords(schema), { ...numbers, ...help }));
  });
}

function visitList(schema: ListSchema, value: readonly unknown[], path: Path, secret: boolean, run: Run): unknown {
  const problem = leafProblem(path, value, secret);
  if (!fits(value.length, schema.minItems, schema.maxItems)) {
    const found = countWords(value.length, value.length, "item", "items");
    const allowed = countWords(schema.minItems, schema.maxItems, "item", "items");
    run.problems.push({ ...problem("E_CONFIG_LENGTH", allowed), found });
  }
  const items = Array.from(value, (item, index) => visit(schema.item, item, [...path, index], secret, run));
  if (schema.unique === true) {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      const identity = JSON.stringify(item);
      const again = leafProblem([...path, index], item, secret);
      if (seen.has(identity)) run.problems.push(again("E_CONFIG_DUPLICATE", "each item once"));
      seen.add(identity);
    });
  }
  return items;
}

function visitMap(schema: MapSchema, value: Values, path: Path, secret: boolean, run: Run): unknown {
  const keys = Object.keys(value);
  if (!fits(keys.length, schema.minEntries, schema.maxEntries)) {
    const found = countWords(keys.length, keys.length, "entry", "entries");
    const allowed = countWords(schema.minEntries, schema.maxEntries, "entry", "entries");
    run.problems.push({ code: "E_CONFIG_LENGTH", path, found, allowed });
  }
  // Without a prototype `__proto__` and `constructor` are names like all others.
  const result = Object.create(null) as Record<string, unknown>;
  for (const key of keys) {
    if (schema.keyPattern !== undefined && !new RegExp(schema.keyPattern, "u").test(key)) {
      const allowed = schema.keyExpects ?? `a name matching ${schema.keyPattern}`;
      run.problems.push({ code: "E_CONFIG_PATTERN", path: [...path, key], found: quote(key), allowed, atKey: true });
    }
    result[key] = visit(schema.value, value[key], [...path, key], secret, run);
  }
  return result;
}

function visitRecord(schema: RecordSchema<Fields>, value: Values, path: Path, secret: boolean, run: Run): unknown {
  const problemsBefore = run.problems.length;
  const names = Object.keys(schema.fields);
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(schema.fields, key)) run.problems.push(unknownKey(key, names, path));
  }
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.fields)) {
    const fieldPath = [...path, name];
    if (Object.hasOwn(value, name) && value[name] !== undefined) {
      result[name] = visit(field, value[name], fieldPath, secret, run);
    } else if (!field.optional) {
      const filled = fill(field);
      if (filled !== undefined) result[name] = filled.value;
      else run.problems.push(leafProblem(fieldPath, undefined, false)("E_CONFIG_REQUIRED", allowedWords(field)));
    }
  }
  if (schema.check !== undefined && run.problems.length === problemsBefore) {
    const sentence = schema.check(result as never);
    const found = foundWords(value, secret);
    if (sentence !== undefined) run.problems.push({ code: "E_CONFIG_CHECK", path, found, allowed: sentence });
  }
  return result;
}

function unknownKey(key: string, names: readonly string[], path: Path): SchemaProblem {
  const near = nearest(key, names);
  return {
    code: "E_CONFIG_UNKNOWN_KEY",
    path: [...path, key],
    found: quote(key),
    allowed: names.length === 0 ? "no key at all" : orWords(names),
    ...(near === undefined ? {} : { nearest: near }),
    atKey: true,
  };
}

/**
 * What an absent field is filled in with: its default, or for a record whose every field can be absent, the record
 * of their defaults. Undefined when the field must be written.
 */
export function fill(schema: Schema): { readonly value: unknown } | undefined {
  if (schema.kind === "anything") return undefined;
  if (schema.kind !== "record")
    return schema.default === undefined ? undefined : { value: structuredClone(schema.default) };
  const result: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.fields)) {
    if (field.optional) continue;
    const filled = fill(field);
    if (filled === undefined) return undefined;
    result[name] = filled.value;
  }
  return { value: result };
}
