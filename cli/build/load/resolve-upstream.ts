import { resolve } from "node:path";
import { validate, type Path } from "../../../plugins/_kit/schema/index.ts";
import { type DynamicConfig, sourcesOf, type Target, type Timeouts, type Upstream } from "../model.ts";
import type { Written } from "./gateway-schema.ts";
import { resolveTargets } from "./resolve-targets.ts";
import { overlay } from "./timeouts.ts";
import type { Site } from "./site.ts";
import { upstreamPlugin } from "./upstream-plugin.ts";

type WrittenUpstream = Written["upstreams"][string];
type WrittenSources = Omit<WrittenUpstream["discovery"], "also">;

export function resolveUpstream(name: string, written: WrittenUpstream, outer: Timeouts, site: Site): Upstream {
  const keys = ["upstreams", name];
  const { attempts, on, methods } = written.retries;
  const targets = resolveTargets(written.targets, [...keys, "targets"], site);
  const dynamic = resolveDynamic(written, targets, keys, site);
  return {
    name,
    protocol: written.protocol,
    targets,
    isDynamic: sourcesOf({ dynamic }).length > 0 || asksForPlugin(written),
    dynamic,
    keepalive: { connections: written.keepalive.connections, idleSeconds: written.keepalive.idle_seconds },
    retries: { attempts, on: on.map(String), methods },
    timeouts: overlay(outer, written.timeouts),
  };
}

/** Whether something beside sources is written that nginx by itself does not do. */
function asksForPlugin({ balance, health, retries }: WrittenUpstream): boolean {
  const { attempts, methods, budget, budget_minimum, timeout_seconds } = retries;
  const asked = [balance, health.active, health.passive, budget, budget_minimum, timeout_seconds];
  return asked.some((field) => field !== undefined) || (attempts > 0 && !isRetriedByNginx(methods));
}

const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];
const OTHERS = ["POST", "PATCH"];

/** nginx retries all idempotent methods, or all methods there are. */
function isRetriedByNginx(methods: readonly string[]): boolean {
  const has = (method: string): boolean => methods.includes(method);
  return IDEMPOTENT.every(has) && (OTHERS.every(has) || !OTHERS.some(has));
}

/** The configuration of the plugin, complete, whether it is needed or not. */
function resolveDynamic(written: WrittenUpstream, targets: readonly Target[], keys: Path, site: Site): DynamicConfig {
  const { discovery, balance = {}, health } = written;
  const { on: _, ...retries } = written.retries;
  const checked = validate(upstreamPlugin.config, { targets, discovery, balance, health, retries });
  if (!checked.ok) throw new Error(`${keys.join(".")}: ${JSON.stringify(checked.problems)}`);
  reportRules(checked.value, written.targets.length, keys, site);
  const { also, ...sources } = checked.value.discovery;
  return {
    ...checked.value,
    discovery: { ...withPaths(sources, site), also: also.map((more) => withPaths(more, site)) },
  };
}

/** Paths start from the folder of gateway.yaml. */
function withPaths(sources: WrittenSources, site: Site): WrittenSources {
  const { file, kubernetes, ...others } = sources;
  const absolute = (path: string): string => (path === "" ? path : resolve(site.folder, path));
  return {
    ...others,
    ...(file === undefined ? {} : { file: { ...file, path: absolute(file.path) } }),
    ...(kubernetes === undefined ? {} : { kubernetes: { ...kubernetes, token_file: absolute(kubernetes.token_file) } }),
  };
}

/** @param written how many targets there should be: what is wrong with one was told with its place */
function reportRules(config: DynamicConfig, written: number, keys: Path, site: Site): void {
  if (written === 0 && sourcesOf({ dynamic: config }).length === 0) {
    const message = "found neither targets nor a source in discovery";
    const remedy = 'Give it peers: targets: ["127.0.0.1:8080"].';
    site.report({ code: "E_UPSTREAM_EMPTY", keys, message, remedy, atKey: true });
    return;
  }
  const wrong = config.targets.length === written ? upstreamPlugin.check?.(config) : undefined;
  if (wrong !== undefined) site.report({ code: "E_CONFIG_CHECK", keys, message: wrong, atKey: true });
}
