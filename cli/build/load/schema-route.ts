import { schema as s } from "../../../plugins/_kit/schema/index.ts";
import { NAME_PATTERN, NAME_WORDS, size, timeouts } from "./schema-common.ts";
import { method } from "./schema-upstream.ts";

const pluginUse = s.either(
  [
    s.oneOf([false], { description: "Takes a plugin of the gateway off this route." }),
    s.map(s.anything({ description: "One field of the plugin's own." }), {
      description: "The plugin's configuration; {} for its defaults.",
    }),
  ],
  { description: "A plugin's configuration, or false." },
);

/** Plugin names to their configuration, which is checked later against each plugin's own schema. */
export function plugins(description: string) {
  return s.map(pluginUse, {
    keyPattern: "^[a-z][a-z0-9-]{0,63}$",
    keyExpects: "a plugin's name: small letters, digits and -",
    default: {},
    description,
  });
}

/** One entry of `routes`. */
export const routeSchema = s.record({
  name: s.string({
    pattern: NAME_PATTERN,
    expects: NAME_WORDS,
    description: "The name that metrics and state are keyed by; each route has its own.",
  }),
  hosts: s.list(s.string({ description: "A host name, or *. and a name." }), {
    default: [],
    description: "Hosts it answers for; none: every host.",
  }),
  path: s.string({
    default: "/",
    maxLength: 1000,
    description: "A prefix on segment borders: /api; or = /exact; or ~ ^/regex.",
  }),
  methods: s.list(method, { default: [], unique: true, description: "Methods it answers; none: every method." }),
  upstream: s.string({ pattern: NAME_PATTERN, expects: NAME_WORDS, description: "The upstream it sends requests to." }),
  strip_prefix: s.boolean({ default: false, description: "Leave the prefix out of what the upstream is asked." }),
  timeouts: timeouts("for this route"),
  max_body: s.either(size("The largest request body, for this route."), {
    optional: true,
    description: "The largest request body, for this route; 0: no limit.",
  }),
  plugins: plugins("Plugins of this route; an entry replaces the gateway's, false removes it."),
});
