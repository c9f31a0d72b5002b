import { describe, expect, test } from "vitest";
import { apisixJsonSchema, apisixSchemaLua } from "../../templates/apisix/json-schema.ts";
import { SCHEMA_CASE_PLUGINS } from "../conformance/schema-cases.ts";
import { hasLuaJit, startLuaJit } from "../harness/luajit.ts";

describe.skipIf(!hasLuaJit)("APISIX's schema as Lua (skipped: no luajit on PATH)", () => {
  test.each(Object.values(SCHEMA_CASE_PLUGINS))("of $name is the JSON Schema", async (manifest) => {
    const lua = await startLuaJit([]);
    const [read] = await lua.run(`return ${apisixSchemaLua(manifest)}`);
    await lua.stop();
    // Lua has one empty table, which comes back as a record.
    expect(JSON.stringify(sorted(read))).toBe(
      JSON.stringify(sorted(apisixJsonSchema(manifest))).replaceAll("[]", "{}"),
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
