import { luaString } from "../../cli/build/quote.ts";
import { pluginSchema } from "../../cli/build/plugin-schema.ts";
import type { Fields, Schema } from "../../plugins/_kit/index.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { recordRule, refuseUnsayable, type Unsayable } from "../_shared/unsayable.ts";
import { luaRecord, luaTable } from "./lua-table.ts";
import { fieldsLua } from "./schema-field.ts";
import { call } from "./schema-leaf.ts";

/** Compiled from `runtime/schema-checks.ts`. */
const CHECKS = "autoscale.kong.schema-checks";

/**
 * Kong's `schema.lua` of a plugin: its fields and `mode`, its cross-field rule, and the shared dicts it needs.
 * @throws AutoscaleError `E_SCHEMA_KONG` naming every field that Kong's schema cannot say
 */
export function kongSchemaLua(manifest: Manifest): string {
  const schema = pluginSchema(manifest);
  refuseUnsayable("E_SCHEMA_KONG", manifest, schema, unsayableInKong);
  const config = luaRecord({
    type: luaString("record"),
    required: "true",
    description: luaString(manifest.description),
    fields: fieldsLua(schema.fields as Fields),
    custom_validator: manifest.dicts.length === 0 ? undefined : call("dicts", manifest.dicts),
  });
  const entityCheck = luaRecord({ field_sources: luaTable([luaString("config")]), fn: "checks.crossField(check)" });
  const schemaTable = luaRecord({
    name: luaString(manifest.name),
    fields: luaTable([
      "{ consumer = typedefs.no_consumer }",
      "{ protocols = typedefs.protocols_http }",
      luaTable([`config = ${config}`]),
    ]),
    entity_checks: manifest.check && luaTable([luaTable([`custom_entity_check = ${entityCheck}`])]),
  });
  const lines = [
    'local typedefs = require("kong.db.schema.typedefs")',
    `local checks = require(${luaString(CHECKS)})`,
    ...(manifest.check === undefined ? [] : [`local check = require(${luaString(checkModule(manifest))}).check`]),
  ];
  return `${lines.join("\n")}\n\nreturn ${schemaTable}\n`;
}

/** Modules of ours that the `schema.lua` of a plugin requires. */
export function kongSchemaModules(manifest: Manifest): readonly string[] {
  return manifest.check === undefined ? [CHECKS] : [CHECKS, checkModule(manifest)];
}

function checkModule({ name }: Manifest): string {
  return `autoscale.plugins.${name}.check`;
}

/** Kong writes these into every configuration (kong/runloop/plugins_iterator.lua). */
const TAKEN = new Set(["route_id", "service_id", "consumer_id", "plugin_instance_name"]);

function unsayableInKong(schema: Schema, path: string): Unsayable | undefined {
  if (schema.kind === "either") {
    return {
      message: "found an `either`, but a field of Kong's schema has one type",
      remedy: "Use a field for each form.",
    };
  }
  if (schema.kind === "anything") {
    return { message: "found `anything`, but Kong checks every field", remedy: "Declare what may stand there." };
  }
  if (schema.kind === "oneOf" && new Set(schema.values.map((value) => typeof value)).size > 1) {
    return { message: "found choices of several types, but Kong's have one", remedy: "Write them all as text." };
  }
  if (TAKEN.has(path)) {
    return { message: "found a name that Kong uses in every configuration", remedy: "Use another name." };
  }
  if (/(^|[.\]])updated_at$/.test(path)) {
    return { message: "found `updated_at`, which Kong never checks", remedy: "Use another name." };
  }
  return recordRule(schema);
}
