import type { Plan } from "../../cli/build/target.ts";
import type { RawLines } from "../../cli/build/model.ts";
import { methodMaps } from "./location-view.ts";

/** What nginx.conf, http.conf and proxy.conf are rendered from. */
export interface HttpView {
  readonly workersAuto: boolean;
  readonly workers: number;
  readonly dicts: readonly { readonly name: string; readonly bytes: number }[];
  readonly jsonLog: boolean;
  readonly combinedLog: boolean;
  readonly trustedProxies: readonly string[];
  readonly trusting: boolean;
  readonly resolver: readonly string[];
  readonly resolving: boolean;
  /** Authorities for what the gateway asks by https. */
  readonly trustedCa: string | false;
  readonly admin: boolean;
  readonly methodMaps: readonly { readonly variable: string; readonly methods: readonly string[] }[];
  readonly grpc: boolean;
  /** Bytes for the longest host name, where nginx's own 64 are too few; 0: they are enough. */
  readonly hostBucket: number;
  readonly raw: RawLines;
}

/** nginx keeps a name with a pointer, its length and a pointer that ends the bucket, in lines of 64 bytes. */
function hostBucket(plan: Plan): number {
  const longest = Math.max(0, ...plan.routes.flatMap(({ route }) => route.hosts.map((host) => host.length)));
  const bytes = Math.ceil((longest + 32) / 64) * 64;
  return bytes > 64 ? bytes : 0;
}

export function httpView(plan: Plan): HttpView {
  const { gateway } = plan;
  return {
    workersAuto: gateway.workers === "auto",
    workers: gateway.workers === "auto" ? 0 : gateway.workers,
    dicts: Object.entries(gateway.sharedMemoryBytes)
      .map(([name, bytes]) => ({ name, bytes }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    jsonLog: gateway.accessLog.format === "json",
    combinedLog: gateway.accessLog.format === "combined",
    trustedProxies: gateway.trustedProxies,
    trusting: gateway.trustedProxies.length > 0,
    resolver: gateway.resolver === "auto" ? [] : gateway.resolver,
    resolving: gateway.resolver !== "auto",
    trustedCa: gateway.trustedCa ?? false,
    admin: gateway.admin !== undefined,
    methodMaps: methodMaps(plan),
    grpc: gateway.upstreams.some((upstream) => upstream.protocol === "grpc"),
    hostBucket: hostBucket(plan),
    raw: gateway.nginx,
  };
}
