import type { Phase } from "../../plugins/_kit/handlers.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { apisixJsonSchema } from "./json-schema.ts";

/** What `runtime/plugin.ts` makes a plugin from: the table that `apisix/plugins/<name>.lua` holds. */
export interface PluginFile {
  readonly name: string;
  readonly version: number;
  /** The product's version, for people. */
  readonly release: string;
  readonly priority: number;
  readonly phases: readonly string[];
  /** Fields of the plugin's own configuration, beside `mode` and what APISIX adds. */
  readonly fields: readonly string[];
  readonly dicts: readonly string[];
  readonly early?: boolean;
  readonly module: string;
  readonly check?: string;
  readonly schema: object;
}

const ALL: readonly Phase[] = ["rewrite", "access", "select_upstream", "header_filter", "body_filter", "log"];

/** APISIX has no balancer phase: before_proxy runs before each try. */
function hostPhase(phase: Phase): string {
  return phase === "select_upstream" ? "before_proxy" : phase;
}

/** 1.2.3 is 10203: APISIX takes a number. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return major * 10000 + minor * 100 + patch;
}

/** The log phase is always there, for it ends what the request remembers. */
export function pluginFile(manifest: Manifest, release: string): PluginFile {
  const { name, version, priority, phases, early, dicts, config, check } = manifest;
  const wanted = ALL.filter((phase) => phases.includes(phase) || phase === "log");
  return {
    name,
    version: versionNumber(version),
    release,
    priority: priority.apisix,
    phases: wanted.map(hostPhase),
    fields: Object.keys(config.fields as object).sort(),
    dicts: [...dicts].sort(),
    ...(early === true && { early }),
    module: `autoscale.plugins.${name}.plugin`,
    ...(check === undefined ? {} : { check: `autoscale.plugins.${name}.check` }),
    schema: apisixJsonSchema(manifest),
  };
}
