import type { Plan } from "../../cli/build/target.ts";
import { dictSizes, INSTALL_FOLDER } from "./host-config.ts";

/** What INSTALL.md tells. */
export interface InstallView {
  readonly folder: string;
  readonly version: string;
  readonly plugins: readonly { readonly name: string; readonly priority: number; readonly description: string }[];
  readonly dicts: readonly { readonly name: string; readonly size: string }[];
  readonly routes: readonly string[];
  readonly trustedCa: boolean;
}

export function installView(plan: Plan): InstallView {
  const plugins = [...plan.manifests.values()].sort((a, b) => b.priority.apisix - a.priority.apisix);
  return {
    folder: INSTALL_FOLDER,
    version: plan.version,
    plugins: plugins.map(({ name, priority, description }) => ({ name, priority: priority.apisix, description })),
    dicts: Object.entries(dictSizes(plan)).map(([name, size]) => ({ name, size })),
    routes: plan.routes.map(({ route }) => route.name),
    trustedCa: plan.gateway.trustedCa !== undefined,
  };
}
