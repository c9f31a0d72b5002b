import { readFileSync } from "node:fs";
import { formatPath, type Path, type Schema } from "../../plugins/_kit/index.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { kongSchemaLua } from "../../templates/kong/schema-lua.ts";
import { hostPattern, UTF_PREFIX } from "../../templates/_shared/host-pattern.ts";
import type { LuaModule } from "../../cli/build/compile/lua-module.ts";
import { luaLiteral, type LuaReference } from "./lua-literal.ts";
import { luaModules } from "./lua-modules.ts";
import { startLuaJit, type LuaHandle, type LuaJit } from "./luajit.ts";

const FAKE = readFileSync(new URL("kong-schema-fake.lua", import.meta.url), "utf8");
const TYPEDEFS = `return { no_consumer = { type = "foreign" }, protocols_http = { type = "set" } }`;

/** What a validator says: the completed configuration, or the places it names with its words. */
export type Verdict =
  { readonly value: unknown } | { readonly errors: readonly { readonly path: string; readonly message: string }[] };

/** A FAKE Kong in a LuaJIT of its own: it loads the schema.lua files that we make and judges configurations by them. */
export class FakeKong {
  readonly #lua: LuaJit;
  readonly #null: LuaHandle;

  private constructor(lua: LuaJit, nothing: LuaHandle) {
    this.#lua = lua;
    this.#null = nothing;
  }

  /**
   * @param manifests plugins whose schema.lua is loaded
   * @param checks Lua of `check` modules that are not stock, by plugin
   * @param subjects every text that a pattern may be asked about: JavaScript answers for PCRE
   */
  static async start(
    manifests: readonly Manifest[],
    checks: Readonly<Record<string, string>>,
    subjects: readonly string[],
  ): Promise<FakeKong> {
    const stock = manifests.filter(({ name, check }) => check !== undefined && checks[name] === undefined);
    const sources = stock.map(({ name }) => `plugins/${name}/check.ts`);
    const compiled = luaModules(["templates/kong/runtime/schema-checks.ts", ...sources]);
    const lua = await startLuaJit([
      ...compiled,
      luaModule("kong-schema-fake", FAKE),
      luaModule("kong.db.schema.typedefs", TYPEDEFS),
      ...Object.entries(checks).map(([name, text]) => luaModule(`autoscale.plugins.${name}.check`, text)),
      ...manifests.map((manifest) => luaModule(`kong.plugins.${manifest.name}.schema`, kongSchemaLua(manifest))),
    ]);
    await lua.run(
      `_G.ngx = { null = newproxy(), config = { subsystem = "http" }, shared = { autoscale = {} }, re = {} } answers = {}`,
    );
    for (const pattern of new Set(manifests.flatMap(({ config }) => patternsIn(config as Schema)))) {
      const own = new RegExp(pattern.replace(UTF_PREFIX, ""), "u");
      const verdicts = Object.fromEntries(subjects.map((subject) => [subject, own.test(subject)]));
      await lua.run(`answers[${luaLiteral(pattern)}] = ${luaLiteral(verdicts)}`);
    }
    await lua.run(
      `local answers = answers ngx.re.find = function(subject, pattern, options)
         assert(options == "jo") local known = assert(answers[pattern], pattern)[subject]
         assert(known ~= nil, subject) if known then return 1 end end`,
    );
    return new FakeKong(lua, await lua.keep("ngx.null"));
  }

  /** What Kong checks when it loads the plugin. Throws a LuaError. */
  async load(plugin: string): Promise<void> {
    await this.#lua.run(`require("kong-schema-fake").load(${schemaOf(plugin)})`);
  }

  async judge(plugin: string, config: unknown): Promise<Verdict> {
    const literal = luaLiteral(withNulls(config, this.#null));
    const [answer] = await this.#lua.run(`return require("kong-schema-fake").run(${schemaOf(plugin)}, ${literal})`);
    const { value, errors } = answer as { value?: unknown; errors?: readonly { path: unknown; message: string }[] };
    if (errors === undefined) return { value };
    // An empty path comes back as a record.
    return {
      errors: errors.map(({ path, message }) => ({
        path: formatPath(Array.isArray(path) ? (path as Path) : []),
        message,
      })),
    };
  }

  /** Adds or takes away a shared dict. */
  async setDict(name: string, present: boolean): Promise<void> {
    await this.#lua.run(`ngx.shared[${luaLiteral(name)}] = ${present ? "{}" : "nil"}`);
  }

  stop(): Promise<void> {
    return this.#lua.stop();
  }
}

function schemaOf(plugin: string): string {
  return `require(${luaLiteral(`kong.plugins.${plugin}.schema`)})`;
}

function luaModule(name: string, lua: string): LuaModule {
  return { name, path: `${name}.lua`, lua, map: "{}", source: "", requires: [] };
}

/** JSON's null is a value in Lua. */
function withNulls(value: unknown, nothing: LuaReference): unknown {
  if (value === null) return nothing;
  if (Array.isArray(value)) return value.map((item) => withNulls(item, nothing));
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNulls(item, nothing)]));
}

function patternsIn(schema: Schema): readonly string[] {
  switch (schema.kind) {
    case "string":
      return schema.pattern === undefined ? [] : [hostPattern(schema.pattern)];
    case "list":
      return patternsIn(schema.item);
    case "map":
      return [
        ...(schema.keyPattern === undefined ? [] : [hostPattern(schema.keyPattern)]),
        ...patternsIn(schema.value),
      ];
    case "record":
      return Object.values(schema.fields).flatMap(patternsIn);
    default:
      return [];
  }
}
