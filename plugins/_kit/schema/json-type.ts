import type { Schema } from "./types.ts";

export type JsonType = "string" | "number" | "boolean" | "array" | "object";

/** The JSON type of a value; undefined for null and for what JSON does not know. */
export function jsonTypeOf(value: unknown): JsonType | undefined {
  if (Array.isArray(value)) return "array";
  if (typeof value === "object") return value === null ? undefined : "object";
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return typeof value as "string" | "number" | "boolean";
  }
  return undefined;
}

/** The JSON types of the values a schema can accept. */
export function jsonTypesOf(schema: Schema): readonly JsonType[] {
  switch (schema.kind) {
    case "string":
    case "boolean":
      return [schema.kind];
    case "number":
    case "integer":
      return ["number"];
    case "oneOf":
      return [...new Set(schema.values.map((value) => typeof value as "string" | "number" | "boolean"))];
    case "list":
      return ["array"];
    case "map":
    case "record":
      return ["object"];
    case "either":
      return schema.branches.flatMap(jsonTypesOf);
    case "anything":
      return ["string", "number", "boolean", "array", "object"];
  }
}
