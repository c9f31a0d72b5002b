import type { Plan, RenderTemplate, Target } from "../../cli/build/target.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { capabilities } from "./capabilities.ts";
import { hostConfig } from "./host-config.ts";
import { installView } from "./install-view.ts";
import { pluginFile } from "./plugin-file.ts";
import { routeView } from "./route-view.ts";
import { STAND_IN, upstreamView } from "./upstream-view.ts";
import { yamlText } from "./yaml-text.ts";

const MADE = "# Made by autoscale-lua from gateway.yaml.";

const STANDS_IN = `# Nothing is ever sent to ${STAND_IN.host}: APISIX wants a node, and the plugin dynamic-upstreams finds the peers.\n`;

/** By name, so that the same plan gives the same bytes. */
function pluginsOf({ manifests }: Plan): Manifest[] {
  return [...manifests.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** APISIX takes the file only when it ends so: an editor may still be writing it. */
function apisixYaml({ gateway, routes }: Plan): string {
  const content = {
    upstreams: gateway.upstreams.map(upstreamView),
    routes: routes.map((planned) => routeView(planned, gateway)),
  };
  const standsIn = gateway.upstreams.some(({ targets }) => targets.length === 0);
  return `${MADE}\n${standsIn ? STANDS_IN : ""}${yamlText(content)}#END\n`;
}

function render(plan: Plan, template: RenderTemplate): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const manifest of pluginsOf(plan)) {
    files.set(
      `apisix/plugins/${manifest.name}.lua`,
      template("plugin.lua", { file: pluginFile(manifest, plan.version) }),
    );
  }
  files.set("apisix.yaml", apisixYaml(plan));
  files.set("config.yaml", `${MADE} Merge it into APISIX's conf/config.yaml.\n${yamlText(hostConfig(plan))}`);
  files.set("INSTALL.md", template("INSTALL.md", installView(plan)));
  return files;
}

const target: Target = {
  name: "apisix",
  description: "Plugins for Apache APISIX 3, with apisix.yaml for its standalone mode.",
  capabilities,
  luaFolder: "",
  runtimeFolders: [],
  luaModules: (plan) => [
    "autoscale.apisix.plugin",
    ...pluginsOf(plan).flatMap((manifest) => {
      const { module, check } = pluginFile(manifest, plan.version);
      return check === undefined ? [module] : [module, check];
    }),
  ],
  render,
  describe: (plan) => ({
    plugins: pluginsOf(plan).map(({ name, version, priority }) => ({ name, version, priority: priority.apisix })),
    shared_memory_bytes: plan.gateway.sharedMemoryBytes,
    routes: plan.routes.map(({ route, plugins }) => ({
      name: route.name,
      upstream: route.upstream,
      plugins: plugins.map(({ name, shadow }) => ({ name, mode: shadow ? "shadow" : "enforce" })),
    })),
  }),
};

export default target;
