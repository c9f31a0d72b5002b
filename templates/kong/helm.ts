/** Values for Kong's Helm chart (charts.konghq.com), and the ConfigMaps that they name. */
import type { PackedModule, Plan } from "../../cli/build/target.ts";
import { sharedDicts } from "./environment.ts";
import { KONG_FILES } from "./plugin-files.ts";
import { yamlText } from "./yaml-text.ts";

const SHARED = "autoscale-lua";
const DECLARATIVE = "autoscale-kong";

const names = (plan: Plan): string[] => [...plan.manifests.keys()];
const configMapOf = (plugin: string): string => `kong-plugin-${plugin}`;

/** ConfigMaps have no folders: a module's key is its name, and the volume gives it its path back. */
const keyOf = ({ name }: PackedModule): string => `${name}.lua`;

/** Below the chart's Lua path `/opt/?.lua`. */
const below = ({ path }: PackedModule): string => path.replace(/^autoscale\//, "");

/** `values.yaml`. The chart makes KONG_PLUGINS, the Lua path and the mounts of `plugins.configMaps` itself. */
export function helmValues(plan: Plan, modules: readonly PackedModule[]): string {
  return yamlText({
    env: { database: "off", nginx_http_lua_shared_dict: sharedDicts(plan) },
    dblessConfig: { configMap: DECLARATIVE },
    plugins: { configMaps: names(plan).map((pluginName) => ({ name: configMapOf(pluginName), pluginName })) },
    deployment: {
      userDefinedVolumes: [
        {
          name: SHARED,
          configMap: { name: SHARED, items: modules.map((module) => ({ key: keyOf(module), path: below(module) })) },
        },
      ],
      userDefinedVolumeMounts: [{ name: SHARED, mountPath: "/opt/autoscale" }],
    },
  });
}

/** `kustomization.yaml`: `kubectl apply -k .` makes the ConfigMaps. */
export function kustomization(plan: Plan, modules: readonly PackedModule[]): string {
  const ofPlugins = names(plan).map((plugin) => ({
    name: configMapOf(plugin),
    files: KONG_FILES.map((file) => `kong/plugins/${plugin}/${file}.lua`),
  }));
  return yamlText({
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    generatorOptions: { disableNameSuffixHash: true },
    configMapGenerator: [
      { name: DECLARATIVE, files: ["kong.yml"] },
      ...ofPlugins,
      { name: SHARED, files: modules.map((module) => `${keyOf(module)}=${module.path}`) },
    ],
  });
}
