import type { Gateway } from "./model.ts";
import type { PlannedRoute } from "./target.ts";

const MEGABYTE = 1024 * 1024;
/** Of a shared dict that a plugin needs and gateway.yaml gives no size. */
const DEFAULT_BYTES = 16 * MEGABYTE;
/** The default `max_series` of endpoint-metrics, in the worst case. */
const BYTES: Readonly<Record<string, number>> = { autoscale_metrics: 32 * MEGABYTE };

/** The gateway with a size for each shared dict that a plugin in use needs. */
export function withUsedDicts(gateway: Gateway, routes: readonly PlannedRoute[]): Gateway {
  const names = routes.flatMap(({ plugins }) => plugins.flatMap(({ dicts }) => dicts));
  const defaults = Object.fromEntries(names.map((name) => [name, BYTES[name] ?? DEFAULT_BYTES]));
  return { ...gateway, sharedMemoryBytes: { ...defaults, ...gateway.sharedMemoryBytes } };
}
