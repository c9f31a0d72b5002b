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

/** kubectl keeps a copy of what it applies in an annotation, which holds 256 KiB: as many modules as never fill that. */
const MODULES_OF_A_MAP = 40;

/** The modules that all plugins share, over as many ConfigMaps as it takes. */
function shared(modules: readonly PackedModule[]): { readonly name: string; readonly part: readonly PackedModule[] }[] {
  const count = Math.ceil(modules.length / MODULES_OF_A_MAP);
  return Array.from({ length: count }, (_, index) => ({
    name: `${SHARED}-${index + 1}`,
    part: modules.slice(index * MODULES_OF_A_MAP, (index + 1) * MODULES_OF_A_MAP),
  }));
}

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
          projected: {
            sources: shared(modules).map(({ name, part }) => ({
              configMap: { name, items: part.map((module) => ({ key: keyOf(module), path: below(module) })) },
            })),
          },
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
      ...shared(modules).map(({ name, part }) => ({
        name,
        files: part.map((module) => `${keyOf(module)}=${module.path}`),
      })),
    ],
  });
}
