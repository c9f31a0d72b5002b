import { definePlugin } from "../../plugins/_kit/manifest.ts";
import { schema as s } from "../../plugins/_kit/schema/index.ts";

const count = (description: string) => s.integer({ description, default: 1, min: 0, max: 9 });

const config = s.record({
  name: s.string({ minLength: 2, maxLength: 5, description: "Text of two to five characters." }),
  target: s.record(
    {
      port: s.integer({ min: 1, max: 65535, description: "A required field." }),
      weight: count("A default beside it."),
    },
    { description: "A record that must be written." },
  ),
  host: s.string({
    optional: true,
    pattern: "^[a-z0-9.-]+$",
    expects: "a host name",
    description: "Text by a pattern.",
  }),
  initial: s.string({ optional: true, pattern: "^.$", description: "One character, not one byte." }),
  quotes: s.string({ default: "", pattern: "^[\\[\\]\"' ]*$", description: "A pattern that ends Lua strings." }),
  ratio: s.number({ default: 0.5, min: 0, below: 1, description: "A number below a bound." }),
  delay: s.number({ default: 0.25, min: 0.1, max: 2.5, description: "A number between fractions." }),
  factor: s.number({ optional: true, above: 0.5, description: "A number above a bound." }),
  weight: s.number({ optional: true, description: "Any number there is." }),
  times: s.integer({ default: 3, min: 1, max: 5, description: "A whole number between bounds." }),
  serial: s.integer({ optional: true, description: "Any whole number there is." }),
  digit: s.integer({ optional: true, above: -1, below: 10, description: "A whole number within open bounds." }),
  enabled: s.boolean({ default: true, description: "A switch with a default." }),
  flag: s.boolean({ optional: true, description: "A switch that may be absent." }),
  color: s.oneOf(["red", "green", ""], { default: "red", description: "One of some words." }),
  level: s.oneOf([1, 2, 4.5], { default: 1, description: "One of some numbers." }),
  always: s.oneOf([true], { optional: true, description: "One truth value only." }),
  tags: s.list(s.string({ minLength: 1, description: "One of the tags." }), {
    default: ["a"],
    minItems: 1,
    maxItems: 3,
    unique: true,
    description: "A list of text, each once.",
  }),
  points: s.list(s.record({ x: s.integer({ description: "Required in each." }), y: count("A default in each.") }), {
    optional: true,
    maxItems: 2,
    unique: true,
    description: "A list of records, each once.",
  }),
  labels: s.map(s.string({ maxLength: 5, description: "The label's text." }), {
    default: {},
    keyPattern: "^[a-z']+$",
    keyExpects: "small letters",
    maxEntries: 2,
    description: "A map with names by a pattern.",
  }),
  limits: s.map(s.integer({ min: 0, max: 9, description: "The limit itself." }), {
    optional: true,
    minEntries: 1,
    description: "A map with any names.",
  }),
  zones: s.map(s.record({ share: s.number({ default: 1, min: 0, max: 1, description: "A default in each." }) }), {
    optional: true,
    description: "A map of records.",
  }),
  outer: s.record({
    inner: s.record({ seconds: s.number({ default: 1, min: 0.1, max: 60, description: "A default far inside." }) }),
    note: s.string({ optional: true, description: "Text that may be absent." }),
  }),
  auth: s.record(
    {
      token: s.string({ secret: true, minLength: 8, pattern: "^[!-~]+$", description: "A secret that must be there." }),
      user: s.string({ default: "admin", description: "A default beside a secret." }),
    },
    { optional: true, description: "A record that may be absent." },
  ),
});

/** A plugin that only tests know: every kind of schema that all three validators can check. */
export const schemaKinds = definePlugin({
  name: "schema-kinds",
  version: "1.2.3",
  description: "Has a field of every kind of schema, for the tests of the validators.",
  priority: { openresty: 1, kong: 1, apisix: 1 },
  phases: [],
  dicts: ["autoscale"],
  config,
  check: ({ color, level, flag, weight }) => {
    if (color === "green" && level === 4.5) return "green has no level 4.5: lower level";
    return flag !== undefined && weight !== undefined ? "flag and weight exclude each other: keep one" : undefined;
  },
});

/** `check` as the compiler would write it. */
export const SCHEMA_KINDS_CHECK_LUA = `return { check = function(config)
  if config.color == "green" and config.level == 4.5 then return "green has no level 4.5: lower level" end
  if config.flag ~= nil and config.weight ~= nil then return "flag and weight exclude each other: keep one" end
end }`;
