import type { PackedModule, Plan, RenderTemplate, Target } from "../../cli/build/target.ts";
import { capabilities } from "./capabilities.ts";
import { kongYaml } from "./declarative.ts";
import { environmentText } from "./environment.ts";
import { helmValues, kustomization } from "./helm.ts";
import { installView } from "./install-view.ts";
import { pluginFiles, pluginModules } from "./plugin-files.ts";

function render(plan: Plan, template: RenderTemplate, modules: readonly PackedModule[]): ReadonlyMap<string, string> {
  const manifests = [...plan.manifests.values()];
  return new Map([
    ["kong.yml", kongYaml(plan)],
    ["kong.env", environmentText(plan)],
    ["values.yaml", helmValues(plan, modules)],
    ["kustomization.yaml", kustomization(plan, modules)],
    ["INSTALL.md", template("INSTALL.md", installView(plan))],
    ...manifests.flatMap((manifest) => pluginFiles(manifest, plan.version, modules, template)),
  ]);
}

const target: Target = {
  name: "kong",
  description: "Plugins for Kong 3.4 to 3.9, with the gateway as its declarative configuration.",
  capabilities,
  luaFolder: "",
  runtimeFolders: [],
  luaModules: (plan) => [...new Set([...plan.manifests.values()].flatMap(pluginModules))],
  render,
  describe: (plan) => ({
    plugins: [...plan.manifests.values()].map(({ name, version, priority }) => ({
      name,
      version,
      priority: priority.kong,
    })),
    routes: plan.routes.map(({ route, plugins }) => ({
      name: route.name,
      upstream: route.upstream,
      plugins: plugins.map(({ name, shadow }) => ({ name, mode: shadow ? "shadow" : "enforce" })),
    })),
  }),
};

export default target;
