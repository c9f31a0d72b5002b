import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SCHEMA_CASE_PLUGINS, SCHEMA_CASES } from "../conformance/schema-cases.ts";
import { SCHEMA_KINDS_CHECK_LUA } from "../conformance/schema-kinds.ts";
import { textsIn } from "../conformance/schema-subjects.ts";
import { FakeKong } from "../harness/kong-schema-fake.ts";
import { hasLuaJit } from "../harness/luajit.ts";

const REFERENCE = "{vault://env/token}";

/** Lua has one empty table. */
function comparable(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? {} : value.map(comparable);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, comparable(item)]));
}

describe.skipIf(!hasLuaJit)("schema.lua in a FAKE Kong (skipped: no luajit on PATH)", () => {
  let kong: FakeKong;
  beforeAll(async () => {
    const subjects = [...textsIn(SCHEMA_CASES), REFERENCE];
    const checks = { "schema-kinds": SCHEMA_KINDS_CHECK_LUA };
    kong = await FakeKong.start(Object.values(SCHEMA_CASE_PLUGINS), checks, subjects);
  });
  afterAll(() => kong.stop());

  test.each(Object.keys(SCHEMA_CASE_PLUGINS))("the schema of %s is well", async (plugin) => {
    await kong.load(plugin);
  });

  test.each(SCHEMA_CASES)("FAKE Kong, $plugin: $title", async ({ plugin, config, good, bad, kongAt, passes }) => {
    const verdict = await kong.judge(plugin, config);
    if (good !== undefined) expect(comparable(verdict)).toEqual({ value: comparable(good) });
    else if (passes?.kong !== undefined) expect(verdict).toHaveProperty("value");
    else expect(verdict).toMatchObject({ errors: [{ path: kongAt ?? bad }] });
  });

  test.each<[string, object, string]>([
    ["a range", { times: 6 }, "value should be between 1 and 5"],
    ["fractional bounds", { delay: 3 }, "value should be between 0.1 and 2.5"],
    ["one bound", { ratio: -1 }, "value must be at least 0"],
    ["an open bound", { ratio: 1 }, "value must be less than 1"],
    ["a choice", { level: 3 }, "expected one of: 1, 2, 4.5"],
    ["a pattern in words", { host: "a b" }, "should be a host name"],
    ["a pattern without words", { quotes: "a" }, `should be text matching ^[\\[\\]"' ]*$`],
    ["characters, not bytes", { name: "éééééé" }, "length must be at most 5"],
    ["a name in a map", { labels: { A: "1" } }, 'name "A" should be small letters'],
    ["one truth value", { always: false }, "value must be true"],
    ["an item twice", { tags: ["a", "b", "a"] }, "items 1 and 3 are equal"],
    ["a number that is none", { weight: NaN }, "value must be a finite number"],
    ["an endless number", { weight: Infinity }, "value must be a finite number"],
    ["a rule over two fields", { color: "green", level: 4.5 }, "green has no level 4.5: lower level"],
  ])("words of %s", async (_, config, message) => {
    const verdict = await kong.judge("schema-kinds", { name: "abc", target: { port: 80 }, ...config });
    expect(verdict).toMatchObject({ errors: [{ message }] });
  });

  test("a secret may be a reference into a vault", async () => {
    const config = { name: "abc", target: { port: 80 }, auth: { token: REFERENCE } };
    expect(await kong.judge("schema-kinds", config)).toHaveProperty("value.auth.token", REFERENCE);
  });

  test("what is not secret may be no reference", async () => {
    const config = { name: "abc", target: { port: 80 }, host: REFERENCE };
    expect(await kong.judge("schema-kinds", config)).toMatchObject({ errors: [{ path: "host" }] });
  });

  test("without its shared dict the plugin is refused with the line to add", async () => {
    await kong.setDict("autoscale", false);
    const verdict = await kong.judge("circuit-breaker", {});
    await kong.setDict("autoscale", true);
    expect(verdict).toEqual({
      errors: [
        {
          path: "",
          message:
            'needs the shared dict "autoscale": set KONG_NGINX_HTTP_LUA_SHARED_DICT="autoscale 16m" (nginx_http_lua_shared_dict = autoscale 16m)',
        },
      ],
    });
  });
});
