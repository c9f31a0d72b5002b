import { luaString, luaValue } from "../../cli/build/quote.ts";
import type { Fields, Schema } from "../../plugins/_kit/index.ts";
import { fieldDescription } from "../_shared/describe-field.ts";
import { luaEntry, luaRecord, luaTable } from "./lua-table.ts";
import {
  type Attributes,
  call,
  choiceAttributes,
  integerAttributes,
  keyAttributes,
  numberAttributes,
  textAttributes,
} from "./schema-leaf.ts";

/** One field of Kong's schema, a Lua table. Records are always filled in unless they are optional. */
export function fieldLua(schema: Schema, secretAbove = false): string {
  return luaRecord({ ...valueAttributes(schema, secretAbove), required: String(!schema.optional) });
}

/** The fields of a record as Kong wants them: a list of tables with one key each, in the order of the declaration. */
export function fieldsLua(fields: Fields, secretAbove = false): string {
  return luaTable(
    Object.entries(fields).map(([name, field]) => luaTable([luaEntry(name, fieldLua(field, secretAbove))])),
  );
}

/** Everything but `required`, which Kong sets itself for what is in a list or a map. */
function valueAttributes(schema: Schema, secretAbove: boolean): Attributes {
  const secret = secretAbove || schema.secret === true;
  const description = fieldDescription(schema);
  const { type, ...attributes } = shape(schema, secret);
  const isSecretText = secret && type === luaValue("string");
  return {
    type,
    description: description === undefined ? undefined : luaString(description),
    default: "default" in schema && schema.default !== undefined ? luaValue(schema.default) : undefined,
    encrypted: isSecretText ? "true" : undefined,
    referenceable: isSecretText ? "true" : undefined,
    ...attributes,
  };
}

function shape(schema: Schema, secret: boolean): Attributes {
  switch (schema.kind) {
    case "string":
      return textAttributes(schema);
    case "number":
      return numberAttributes(schema);
    case "integer":
      return integerAttributes(schema);
    case "boolean":
      return { type: luaValue("boolean") };
    case "oneOf":
      return choiceAttributes(schema);
    case "list":
      return {
        type: luaValue("array"),
        len_min: length(schema.minItems),
        len_max: length(schema.maxItems),
        elements: luaRecord(valueAttributes(schema.item, secret)),
        custom_validator: schema.unique === true ? call("unique") : undefined,
      };
    case "map":
      return {
        type: luaValue("map"),
        len_min: length(schema.minEntries),
        len_max: length(schema.maxEntries),
        keys: luaRecord(keyAttributes(schema.keyPattern, schema.keyExpects)),
        values: luaRecord(valueAttributes(schema.value, secret)),
      };
    case "record":
      return { type: luaValue("record"), fields: fieldsLua(schema.fields, secret) };
    default:
      throw new Error(`no Kong schema for ${schema.kind}`);
  }
}

function length(limit: number | undefined): string | undefined {
  return limit === undefined ? undefined : luaValue(limit);
}
