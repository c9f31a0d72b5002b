import { luaValue } from "../../cli/build/quote.ts";
import { pluginSchema } from "../../cli/build/plugin-schema.ts";
import type { JsonSchema, Schema } from "../../plugins/_kit/index.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { recordRule, refuseUnsayable, type Unsayable } from "../_shared/unsayable.ts";
import { encryptFields } from "./encrypt-fields.ts";
import { schemaNode } from "./schema-node.ts";

/**
 * The `schema` of an APISIX plugin: its fields and `mode`, every default, and `encrypt_fields` for the secrets. It is not
 * the whole rule: `check_schema` runs the plugin's cross-field rule after it. APISIX adds `_meta` itself.
 * @throws AutoscaleError `E_SCHEMA_APISIX` naming every field that it cannot say
 */
export function apisixJsonSchema(manifest: Manifest): JsonSchema {
  const schema = pluginSchema(manifest);
  refuseUnsayable("E_SCHEMA_APISIX", manifest, schema, unsayableInApisix);
  const { default: _, ...root } = schemaNode(schema);
  const secrets = encryptFields(schema);
  return { ...root, ...(secrets.length === 0 ? {} : { encrypt_fields: secrets }) };
}

/** The same as a Lua expression. */
export function apisixSchemaLua(manifest: Manifest): string {
  return luaValue(apisixJsonSchema(manifest));
}

function unsayableInApisix(schema: Schema): Unsayable | undefined {
  const numbers = [...numbersIn(ownNumbers(schema))];
  const inexact = numbers.find((value) => Number(value.toPrecision(LUA_DIGITS)) !== value);
  if (inexact !== undefined) {
    return {
      message: `found ${inexact}, but APISIX's validator reads a number to ${LUA_DIGITS} digits`,
      remedy: "Write it with fewer digits.",
    };
  }
  return recordRule(schema);
}

/** The validator writes the schema's numbers into Lua code by `tostring`. */
const LUA_DIGITS = 14;

/** What the schema itself says, without what it says of other schemas. */
function ownNumbers(schema: Schema): unknown {
  const said = schema as object as Readonly<Record<string, unknown>>;
  return ["default", "values", "min", "max", "above", "below"].map((name) => said[name]);
}

function* numbersIn(value: unknown): Generator<number> {
  if (typeof value === "number") yield value;
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) yield* numbersIn(inner);
}
