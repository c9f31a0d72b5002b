/**
 * A plugin of the user's own, as files beside gateway.yaml; `custom_plugins: [plugins]` finds it. It has one optional
 * field of its own, `at`.
 * @param phases as in the manifest
 * @param source text of plugin.ts
 * @param priority it runs before plugins with a lower one
 */
export function customPlugin(
  name: string,
  phases: readonly string[],
  source: string,
  priority = 1,
): Readonly<Record<string, string>> {
  const manifest = `import { definePlugin, schema } from "autoscale-lua";

export default definePlugin({
  name: ${JSON.stringify(name)},
  version: "1.0.0",
  description: "A plugin that a test made.",
  priority: { openresty: ${String(priority)}, kong: ${String(priority)}, apisix: ${String(priority)} },
  phases: ${JSON.stringify(phases)},
  dicts: ["autoscale"],
  config: schema.record({ at: schema.string({ optional: true, description: "Where in the plugin." }) }),
});
`;
  return { [`plugins/${name}/manifest.ts`]: manifest, [`plugins/${name}/plugin.ts`]: source };
}
