/** A JSON Schema validator in place of APISIX's own: ajv, told to see what the one written in Lua sees. */
import { Ajv, type ErrorObject } from "ajv";
import { formatPath, type JsonSchema, type Path } from "../../plugins/_kit/index.ts";
import { UTF_PREFIX } from "../../templates/_shared/host-pattern.ts";

/** The completed configuration, or the first place that is wrong. */
export type JsonVerdict = { readonly value: unknown } | { readonly path: string; readonly message: string };

/** @returns what judges a configuration; it is not changed */
export function jsonValidator(schema: JsonSchema): (config: unknown) => JsonVerdict {
  const ajv = new Ajv({ useDefaults: true, strict: false, code: { regExp: PcreLike } });
  const check = ajv.compile(schema);
  return (config) => {
    const value = asLuaSees(schema, structuredClone(config));
    if (check(value)) return { value };
    const [error] = check.errors ?? [];
    if (error === undefined) throw new Error("ajv gives no error");
    return { path: formatPath(pathOf(error, value)), message: error.message ?? "" };
  };
}

/** JavaScript has no `(*UTF)`: its own flag says the same. */
const PcreLike = Object.assign((pattern: string) => new RegExp(pattern.replace(UTF_PREFIX, ""), "u"), { code: "" });

/** Lua has one empty table: it is a list where one is asked for, a record where that is. */
function asLuaSees(schema: JsonSchema | undefined, value: unknown): unknown {
  if (schema === undefined || typeof value !== "object" || value === null) return value;
  if (Object.keys(value).length === 0) {
    if (schema["type"] === "array") return [];
    return schema["type"] === "object" ? {} : value;
  }
  if (Array.isArray(value)) return value.map((item) => asLuaSees(schema["items"] as JsonSchema, item));
  const properties = (schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asLuaSees(properties[key], item)]));
}

function pathOf({ instancePath, params }: ErrorObject, root: unknown): Path {
  const path: (string | number)[] = [];
  let value = root;
  for (const part of instancePath.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  const inner = (params["missingProperty"] ?? params["additionalProperty"]) as string | undefined;
  return inner === undefined ? path : [...path, inner];
}
