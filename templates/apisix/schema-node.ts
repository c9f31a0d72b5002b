import type { Bounds, Fields, JsonSchema, MapSchema, RecordSchema, Schema } from "../../plugins/_kit/index.ts";
import { fill } from "../../plugins/_kit/schema/validate.ts";
import { fieldDescription } from "../_shared/describe-field.ts";
import { hostPattern } from "../_shared/host-pattern.ts";

/**
 * JSON Schema of one field in the words that APISIX's validator (api7/jsonschema, draft 7) knows. That one fills in the
 * default of an absent property and looks no further into it, so a record's default is complete.
 */
export function schemaNode(schema: Schema): JsonSchema {
  const filled = schema.optional ? undefined : fill(schema);
  return present({ ...shape(schema), description: fieldDescription(schema), default: filled?.value });
}

function shape(schema: Schema): JsonSchema {
  switch (schema.kind) {
    case "string":
      return {
        type: "string",
        pattern: schema.pattern && hostPattern(schema.pattern),
        minLength: schema.minLength,
        maxLength: schema.maxLength,
      };
    case "integer":
      return { type: "integer", ...boundsOf(schema, Number.MAX_SAFE_INTEGER) };
    case "number":
      return { type: "number", ...boundsOf(schema, Number.MAX_VALUE) };
    case "boolean":
      return { type: "boolean" };
    case "oneOf":
      return { enum: schema.values };
    case "list":
      return {
        type: "array",
        items: schemaNode(schema.item),
        minItems: schema.minItems,
        maxItems: schema.maxItems,
        uniqueItems: schema.unique,
      };
    case "map":
      return mapShape(schema);
    case "record":
      return recordShape(schema);
    case "either":
      return { anyOf: schema.branches.map(schemaNode) };
    case "anything":
      return {};
  }
}

/** A side without a bound gets one: YAML can say `.inf`, and a whole number must be one that a double holds exactly. */
function boundsOf({ min, max, above, below }: Bounds, most: number): JsonSchema {
  return {
    minimum: min ?? (above === undefined ? -most : undefined),
    maximum: max ?? (below === undefined ? most : undefined),
    exclusiveMinimum: above,
    exclusiveMaximum: below,
  };
}

/** The validator knows `propertyNames` as true or false only. */
function mapShape({ value, keyPattern, minEntries, maxEntries }: MapSchema): JsonSchema {
  const limits = { minProperties: minEntries, maxProperties: maxEntries };
  if (keyPattern === undefined) return { type: "object", additionalProperties: schemaNode(value), ...limits };
  // An apostrophe would end the Lua string that the validator puts the pattern into.
  const pattern = hostPattern(keyPattern).replaceAll("'", "\\x27");
  return {
    type: "object",
    patternProperties: { [pattern]: schemaNode(value) },
    additionalProperties: false,
    ...limits,
  };
}

function recordShape(schema: RecordSchema<Fields>): JsonSchema {
  const fields = Object.entries(schema.fields);
  const required = fields.filter(([, field]) => !field.optional && fill(field) === undefined).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map(([name, field]) => [name, schemaNode(field)])),
    // An empty list would ask for an empty object.
    required: required.length === 0 ? undefined : required,
    additionalProperties: false,
  };
}

function present(keywords: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => value !== undefined));
}
