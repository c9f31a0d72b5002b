import { expect, test } from "vitest";
import breaker from "../../plugins/circuit-breaker/manifest.ts";
import { schema as s } from "../../plugins/_kit/index.ts";
import { pluginWith, refusalOf } from "../../test/conformance/odd-plugin.ts";
import { kongSchemaLua, kongSchemaModules } from "./schema-lua.ts";

const description = "Ten characters and more.";
const text = s.string({ optional: true, description });

/** The text of one field of `config`, on one line. */
function fieldOf(fields: Parameters<typeof pluginWith>[0], name: string): string | undefined {
  const line = kongSchemaLua(pluginWith(fields)).replaceAll(/\s+/g, " ");
  return new RegExp(`{ ${name} = ({.*?}), },`).exec(line)?.[1];
}

test("what Kong cannot say is refused, all of it at once", () => {
  const either = s.either([s.boolean({ description }), s.number({ description })], { default: true, description });
  const plugin = pluginWith({
    limit: either,
    any: s.anything({ optional: true, description }),
    inner: s.record({
      list: s.list(s.record({ deep: either }), { default: [], description }),
      map: s.map(either, { default: {}, description }),
      ruled: s.record({ text }, { check: () => undefined }),
    }),
    mixed: s.oneOf(["auto", 1], { default: 1, description }),
    updated_at: text,
    route_id: text,
  });
  expect(refusalOf(() => kongSchemaLua(plugin))).toEqual([
    "E_SCHEMA_KONG odd.limit",
    "E_SCHEMA_KONG odd.any",
    "E_SCHEMA_KONG odd.inner.list[].deep",
    "E_SCHEMA_KONG odd.inner.map.*",
    "E_SCHEMA_KONG odd.inner.ruled",
    "E_SCHEMA_KONG odd.mixed",
    "E_SCHEMA_KONG odd.updated_at",
    "E_SCHEMA_KONG odd.route_id",
  ]);
});

test("a rule in the record of the configuration itself is refused", () => {
  expect(refusalOf(() => kongSchemaLua(pluginWith({ text }, { rule: () => undefined })))).toEqual([
    "E_SCHEMA_KONG odd",
  ]);
});

test("names that Kong uses at the top may stand deeper", () => {
  expect(kongSchemaLua(pluginWith({ inner: s.record({ route_id: text }) }))).toContain("route_id = {");
});

test("text in a secret is encrypted and may be a reference; numbers and other text are not", () => {
  const lua = kongSchemaLua(
    pluginWith({
      auth: s.record(
        {
          token: text,
          tokens: s.list(text, { default: [], description }),
          port: s.integer({ optional: true, description }),
        },
        { secret: true, description },
      ),
      user: text,
    }),
  );
  expect(lua.match(/encrypted = true,\s+referenceable = true,/g)).toHaveLength(2);
  expect(lua.match(/encrypted/g)).toHaveLength(2);
  expect(lua.slice(lua.indexOf("user = {"))).not.toContain("encrypted");
});

test("empty text is taken, unlike by Kong itself", () => {
  expect(fieldOf({ text }, "text")).toContain("len_min = 0");
});

test("bounds that Kong words well are its own, and others are checked", () => {
  const bounds = (rules: object) => fieldOf({ rate: s.number({ ...rules, optional: true, description }) }, "rate");
  expect(bounds({ min: 1, max: 5 })).toContain(
    "between = { 1, 5 }, custom_validator = checks.number({ max = 5, min = 1 })",
  );
  expect(bounds({ above: 0, max: 1 })).toContain("gt = 0, between = { 0, 1 }");
  expect(bounds({ min: 0.5, max: 5 })).not.toContain("between");
  expect(bounds({ below: 5 })).toContain("checks.number({ below = 5 })");
});

test("whole numbers are those a double holds exactly", () => {
  const bounds = (rules: object) => fieldOf({ count: s.integer({ ...rules, optional: true, description }) }, "count");
  expect(bounds({})).toContain("between = { -9007199254740991, 9007199254740991 }");
  expect(bounds({ above: 0.5, below: 3 })).toContain("between = { 1, 2 }");
  expect(bounds({ min: 0.5, max: 2.5 })).toContain("between = { 1, 2 }");
});

test("names, text and patterns cannot leave their strings", () => {
  const lua = kongSchemaLua(
    pluginWith(
      {
        end: s.string({ default: 'a"]]\n--', description: 'Quotes " and\nline feeds ]] are text.' }),
        pattern: s.string({ optional: true, pattern: '^["\\\\\\]]+$', description }),
      },
      { dicts: ['a"]]\n'] },
    ),
  );
  expect(lua).toContain('["end"] = {');
  expect(lua).toContain('default = "a\\"]]\\010--"');
  expect(lua).toContain('checks.dicts({ "a\\"]]\\010" })');
  expect(lua).not.toMatch(/[^\n -~]/);
});

test("a deprecated field says so, within Kong's limit", () => {
  const old = s.string({ optional: true, deprecated: "use other", description: "x".repeat(495) });
  const said = /description = "([^"]*)"/.exec(fieldOf({ old }, "old") ?? "")?.[1];
  expect(said).toHaveLength(500);
  expect(fieldOf({ old: s.string({ optional: true, deprecated: "use other", description }) }, "old")).toContain(
    `${description} Deprecated: use other.`,
  );
});

test("without a rule and dicts the schema asks for neither", () => {
  const lua = kongSchemaLua(pluginWith({ text }));
  expect(lua).not.toContain("entity_checks");
  expect(lua).not.toContain("dicts");
  expect(lua).not.toContain(".check");
});

test("tells the modules it requires", () => {
  expect(kongSchemaModules(breaker)).toEqual([
    "autoscale.kong.schema-checks",
    "autoscale.plugins.circuit-breaker.check",
  ]);
  expect(kongSchemaModules(pluginWith({ text }))).toEqual(["autoscale.kong.schema-checks"]);
  for (const name of kongSchemaModules(breaker)) expect(kongSchemaLua(breaker)).toContain(`require("${name}")`);
});
