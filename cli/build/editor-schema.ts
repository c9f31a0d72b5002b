/** The JSON Schema of gateway.yaml that editors complete and check by. */
import { toJsonSchema, type JsonSchema } from "../../plugins/_kit/index.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { gatewayJsonSchema, upstreamPlugin } from "./load/index.ts";
import { pluginSchema } from "./plugin-schema.ts";

/** `${PORT:-8080}` is text until the environment is filled in. */
const VARIABLE = { type: "string", pattern: "\\$\\{[A-Za-z_]" };

const isNode = (value: unknown): value is JsonSchema => {
  return typeof value === "object" && value !== null && !Array.isArray(value);
};

function mapValues(record: JsonSchema, change: (value: JsonSchema) => JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, isNode(value) ? change(value) : value]));
}

/** Lets a variable stand where a number, a switch or one of some words is asked for. */
function withVariables(node: JsonSchema): JsonSchema {
  const { description, default: fallback, properties, items, additionalProperties, anyOf, ...rest } = node;
  const isScalar =
    ["integer", "number", "boolean"].includes(String(node["type"])) || "enum" in node || "pattern" in node;
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(isScalar ? { anyOf: [rest, VARIABLE] } : rest),
    ...(isNode(properties) ? { properties: mapValues(properties, withVariables) } : {}),
    ...(isNode(items) ? { items: withVariables(items) } : {}),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: isNode(additionalProperties) ? withVariables(additionalProperties) : false }),
    ...(Array.isArray(anyOf) ? { anyOf: (anyOf as JsonSchema[]).map(withVariables) } : {}),
  };
}

/** Puts each plugin's own schema into every place where plugins are configured. */
function withPlugins(node: JsonSchema, plugins: JsonSchema): JsonSchema {
  const inside = mapValues(node, (value) => withPlugins(value, plugins));
  const { plugins: place } = (isNode(inside["properties"]) ? inside["properties"] : {}) as { plugins?: JsonSchema };
  if (place === undefined) return inside;
  return {
    ...inside,
    properties: { ...(inside["properties"] as JsonSchema), plugins: { ...place, properties: plugins } },
  };
}

/** The schema of gateway.yaml with those of the plugins. Other plugins' configuration may be anything. */
export function editorSchema(manifests: Iterable<Manifest>): JsonSchema {
  const listed = [...manifests].filter(({ name }) => name !== upstreamPlugin.name);
  const plugins = listed.map((manifest) => {
    const { $schema: _dialect, ...own } = toJsonSchema(pluginSchema(manifest));
    return [manifest.name, { description: manifest.description, anyOf: [own, { enum: [false] }] }] as const;
  });
  const schema = withPlugins(gatewayJsonSchema(), Object.fromEntries(plugins));
  return { title: "gateway.yaml of Autoscale Lua", ...withVariables(schema) };
}
