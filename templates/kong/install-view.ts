import type { Plan } from "../../cli/build/target.ts";
import { BUNDLE_PLACE, pluginList, sharedDicts } from "./environment.ts";

/** What INSTALL.md says of this build. The values are names and numbers that were checked when they were read. */
export function installView(plan: Plan): object {
  const rocks = [...plan.manifests.values()].map(({ name, version }) => `kong-plugin-${name}-${version}-1.rockspec`);
  return {
    version: plan.version,
    place: BUNDLE_PLACE,
    plugins: pluginList(plan),
    dicts: sharedDicts(plan),
    several: Object.keys(plan.dictBytes).length > 1,
    rocks,
    priorities: [...plan.manifests.values()].map(({ name, priority }) => ({ name, priority: priority.kong })),
    admin: plan.gateway.admin !== undefined,
    trustedCa: plan.gateway.trustedCa !== undefined,
  };
}
