import { formatPath } from "./path.ts";
import { jsonTypesOf } from "./json-type.ts";
import { problemMessage } from "./problem.ts";
import type { Schema } from "./types.ts";
import { validate } from "./validate.ts";

/**
 * Checks what a schema's author wrote, so that a mistake shows when the plugin is loaded and not in a gateway.
 * Throws a plain Error: this is a bug in the plugin, not in the user's configuration.
 */
export function declared<S extends Schema>(schema: S): S {
  const mistake = declarationMistake(schema);
  if (mistake !== undefined) throw new Error(`schema ${schema.kind} "${schema.description}": ${mistake}`);
  return Object.freeze(schema);
}

function declarationMistake(schema: Schema): string | undefined {
  const { description } = schema;
  // A record may do without: its fields tell.
  const bare = schema.kind === "record" && description === "";
  if (!bare && (description.length < 10 || description.length > 500))
    return "the description needs 10 to 500 characters";
  const hasDefault = "default" in schema && schema.default !== undefined;
  if (hasDefault && schema.optional) return "a field with a default is always present: leave out `optional`";
  if (hasDefault && schema.secret === true) return "a secret has no default";
  return shapeMistake(schema) ?? (hasDefault ? defaultMistake(schema) : undefined);
}

function shapeMistake(schema: Schema): string | undefined {
  switch (schema.kind) {
    case "string":
      return patternMistake(schema.pattern);
    case "map":
      return patternMistake(schema.keyPattern);
    case "oneOf":
      return schema.values.length === 0 ? "no value is allowed" : undefined;
    case "record":
      return fieldNameMistake(Object.keys(schema.fields));
    case "either": {
      const types = schema.branches.flatMap(jsonTypesOf);
      return new Set(types).size === types.length ? undefined : "two branches accept the same JSON type";
    }
    default:
      return undefined;
  }
}

function defaultMistake(schema: Schema): string | undefined {
  const result = validate(schema, (schema as { readonly default?: unknown }).default);
  const problem = result.ok ? undefined : result.problems[0];
  return problem && `the default does not pass: ${formatPath(problem.path)} ${problemMessage(problem)}`;
}

function fieldNameMistake(names: readonly string[]): string | undefined {
  const wrong = names.find((name) => !/^[a-z][a-z0-9_]*$/.test(name));
  return wrong === undefined ? undefined : `field "${wrong}" is not in snake_case`;
}

/** JavaScript, PCRE and JSON Schema must read the pattern alike: no lookaround, names, flags, or locale classes. */
function patternMistake(pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  if (/\(\?(?!:)/.test(pattern)) return "the pattern may not use (?…) but for (?:…)";
  if (/\\[^dw\W]/.test(pattern.replaceAll("\\\\", "")))
    return "the pattern may escape only punctuation, and use \\d and \\w";
  try {
    new RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
