import type { Fields, RecordSchema, Schema } from "./types.ts";
import { fill } from "./validate.ts";

export type JsonSchema = { readonly [keyword: string]: unknown };

/** JSON Schema (draft 2020-12) of a declared schema, for editors and for gateways that validate by it. */
export function toJsonSchema(schema: Schema): JsonSchema {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", ...node(schema) };
}

function node(schema: Schema): JsonSchema {
  return { ...shape(schema), ...annotations(schema) };
}

function annotations(schema: Schema): JsonSchema {
  const { deprecated, description } = schema;
  const text = deprecated === undefined ? description : `${description} Deprecated: ${deprecated}.`.trim();
  return present({
    description: text === "" ? undefined : text,
    default: "default" in schema ? schema.default : undefined,
    deprecated: deprecated === undefined ? undefined : true,
    writeOnly: schema.secret === true ? true : undefined,
  });
}

function shape(schema: Schema): JsonSchema {
  switch (schema.kind) {
    case "string":
      return present({
        type: "string",
        pattern: schema.pattern,
        minLength: schema.minLength,
        maxLength: schema.maxLength,
      });
    case "number":
    case "integer":
      return present({
        type: schema.kind,
        minimum: schema.min,
        maximum: schema.max,
        exclusiveMinimum: schema.above,
        exclusiveMaximum: schema.below,
      });
    case "boolean":
      return { type: "boolean" };
    case "oneOf":
      return { enum: schema.values };
    case "list":
      return present({
        type: "array",
        items: node(schema.item),
        minItems: schema.minItems,
        maxItems: schema.maxItems,
        uniqueItems: schema.unique,
      });
    case "map":
      return present({
        type: "object",
        additionalProperties: node(schema.value),
        propertyNames: schema.keyPattern === undefined ? undefined : { pattern: schema.keyPattern },
        minProperties: schema.minEntries,
        maxProperties: schema.maxEntries,
      });
    case "record":
      return recordShape(schema);
    case "either":
      return { anyOf: schema.branches.map(node) };
    case "anything":
      return {};
  }
}

function recordShape(schema: RecordSchema<Fields>): JsonSchema {
  const fields = Object.entries(schema.fields);
  const required = fields.filter(([, field]) => !field.optional && fill(field) === undefined).map(([name]) => name);
  return present({
    type: "object",
    properties: Object.fromEntries(fields.map(([name, field]) => [name, node(field)])),
    required: required.length === 0 ? undefined : required,
    additionalProperties: false,
  });
}

function present(keywords: Readonly<Record<string, unknown>>): JsonSchema {
  return Object.fromEntries(Object.entries(keywords).filter(([, value]) => value !== undefined));
}
