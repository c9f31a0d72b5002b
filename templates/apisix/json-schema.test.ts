import { expect, test } from "vitest";
import { schema as s } from "../../plugins/_kit/index.ts";
import { pluginWith, refusalOf } from "../../test/conformance/odd-plugin.ts";
import { apisixJsonSchema, apisixSchemaLua } from "./json-schema.ts";

const description = "Ten characters and more.";
const text = s.string({ optional: true, description });
const token = s.string({ optional: true, secret: true, description });

const propertiesOf = (fields: Parameters<typeof pluginWith>[0]) => {
  return apisixJsonSchema(pluginWith(fields))["properties"] as Record<string, Record<string, unknown>>;
};

test("every level has its default, for APISIX looks into none that it fills in", () => {
  const inner = s.record({ seconds: s.number({ default: 1, description }), text });
  expect(propertiesOf({ outer: s.record({ inner }) })["outer"]).toMatchObject({
    default: { inner: { seconds: 1 } },
    properties: { inner: { default: { seconds: 1 }, properties: { seconds: { default: 1 } } } },
  });
});

test("a record that must be written has no default and is required", () => {
  const schema = apisixJsonSchema(pluginWith({ target: s.record({ port: s.integer({ description }) }) }));
  expect(schema).toMatchObject({ required: ["target"], properties: { target: { required: ["port"] } } });
  expect((schema["properties"] as Record<string, object>)["target"]).not.toHaveProperty("default");
});

test("nothing is required where nothing must be written: APISIX reads an empty list as an empty configuration", () => {
  expect(apisixJsonSchema(pluginWith({ text }))).not.toHaveProperty("required");
});

test("an optional record has no default", () => {
  const rest = s.record({ seconds: s.number({ default: 1, description }) }, { optional: true });
  expect(propertiesOf({ rest })["rest"]).not.toHaveProperty("default");
});

test("has mode, and no other keys", () => {
  expect(apisixJsonSchema(pluginWith({ text }))).toMatchObject({
    type: "object",
    additionalProperties: false,
    properties: { mode: { enum: ["enforce", "shadow", "off"], default: "enforce" } },
  });
});

test("names of a map are a pattern property, since propertyNames is not known", () => {
  const map = s.map(s.boolean({ description }), { default: {}, keyPattern: "^[a-z'\\]]+$", description });
  expect(propertiesOf({ map })["map"]).toEqual({
    type: "object",
    patternProperties: { "^[a-z\\x27\\x5d]+(?![\\s\\S])": { type: "boolean", description } },
    additionalProperties: false,
    default: {},
    description,
  });
});

test("forms of a field are branches, and what is passed through is anything", () => {
  const either = s.either([s.oneOf(["auto"], { description }), s.number({ min: 0, max: 1, description })], {
    default: "auto",
    description,
  });
  expect(propertiesOf({ either, any: s.anything({ optional: true, description }) })).toMatchObject({
    either: { anyOf: [{ enum: ["auto"] }, { type: "number", minimum: 0, maximum: 1 }], default: "auto" },
    any: { description },
  });
});

test("the paths of secrets pass through lists and end at maps of text", () => {
  const secrets = s.record(
    {
      one: text,
      many: s.list(text, { default: [], description }),
      named: s.map(text, { default: {}, description }),
      port: s.integer({ optional: true, description }),
    },
    { secret: true, description },
  );
  const peers = s.list(s.record({ token, host: text }), { default: [], description });
  const areas = s.map(s.record({ token }), { default: {}, description });
  expect(apisixJsonSchema(pluginWith({ token, secrets, peers, areas }))).toHaveProperty("encrypt_fields", [
    "token",
    "secrets.one",
    "secrets.many",
    "secrets.named",
    "peers.token",
  ]);
  expect(apisixJsonSchema(pluginWith({ text }))).not.toHaveProperty("encrypt_fields");
});

test("a number that the validator would round is refused", () => {
  const plugin = pluginWith({
    fine: s.number({ default: 0.1, max: 1e300, optional: false, description }),
    bound: s.number({ optional: true, max: 1.2345678901234567, description }),
    fallback: s.list(s.number({ description }), { default: [1 / 3], description }),
    inner: s.record({ choice: s.oneOf([9007199254740991], { optional: true, description }) }),
  });
  expect(refusalOf(() => apisixJsonSchema(plugin))).toEqual([
    "E_SCHEMA_APISIX odd.bound",
    "E_SCHEMA_APISIX odd.fallback",
    "E_SCHEMA_APISIX odd.inner.choice",
  ]);
});

test("a rule in a record is refused", () => {
  const ruled = s.record({ text }, { check: () => undefined });
  expect(refusalOf(() => apisixJsonSchema(pluginWith({ ruled })))).toEqual(["E_SCHEMA_APISIX odd.ruled"]);
});

test("as Lua its text cannot leave its strings", () => {
  const lua = apisixSchemaLua(pluginWith({ end: s.string({ default: 'a"]]\n--', description }) }));
  expect(lua).toContain('["end"] = {');
  expect(lua).toContain('default = "a\\"]]\\010--"');
});
