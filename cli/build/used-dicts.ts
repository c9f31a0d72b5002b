import type { Manifest } from "../../plugins/_kit/manifest.ts";
import { upstreamPlugin } from "./load/index.ts";
import type { Gateway } from "./model.ts";
import type { PlannedRoute } from "./target.ts";

const MEGABYTE = 1024 * 1024;
/** Of a shared dict that a plugin needs and gateway.yaml gives no size. */
const DEFAULT_BYTES = 16 * MEGABYTE;
/** The default `max_series` of endpoint-metrics in the worst case; the sets of 10,000 peers, and what is known of them. */
const BYTES: Readonly<Record<string, number>> = {
  autoscale_metrics: 32 * MEGABYTE,
  autoscale_upstreams: 8 * MEGABYTE,
};

type Sizes = Readonly<Record<string, number>>;

function sizesOf(names: readonly string[]): Sizes {
  return Object.fromEntries(names.map((name) => [name, BYTES[name] ?? DEFAULT_BYTES]));
}

/** The gateway with a size for each shared dict that a plugin in use needs. */
export function withUsedDicts(gateway: Gateway, routes: readonly PlannedRoute[]): Gateway {
  const plugins = routes.flatMap((route) => route.plugins);
  const picksPeers =
    gateway.upstreams.some(({ isDynamic }) => isDynamic) ||
    plugins.some(({ phases }) => phases.includes("select_upstream"));
  const names = [...plugins.flatMap(({ dicts }) => dicts), ...(picksPeers ? upstreamPlugin.dicts : [])];
  return { ...gateway, sharedMemoryBytes: { ...sizesOf(names), ...gateway.sharedMemoryBytes } };
}

/**
 * A size for each shared dict that some plugin of the bundle needs: hosts that get all plugins (Kong, APISIX) may be told
 * to use any of them later, and then cannot add a dict without a restart. Memory that is not used costs nothing.
 */
export function allDicts(gateway: Gateway, manifests: ReadonlyMap<string, Manifest>): Sizes {
  const names = [...manifests.values()].flatMap(({ dicts }) => dicts);
  return { ...sizesOf(names), ...gateway.sharedMemoryBytes };
}
