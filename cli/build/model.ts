/** The gateway as the build sees it: `gateway.yaml` with every default filled in and every name resolved. */
import type { Config as DynamicConfig, SourcesConfig } from "../../plugins/dynamic-upstreams/config.ts";

export type { DynamicConfig, SourcesConfig };

export interface Gateway {
  /** Absolute path of gateway.yaml. */
  readonly file: string;
  readonly listen: readonly Listen[];
  readonly admin?: Admin;
  readonly workers: "auto" | number;
  /** Addresses and CIDRs. */
  readonly trustedProxies: readonly string[];
  readonly accessLog: { readonly format: "json" | "combined" | "off" };
  /** Dict name to bytes, at least the dict `autoscale`. */
  readonly sharedMemoryBytes: Readonly<Record<string, number>>;
  readonly timeouts: Timeouts;
  /** 0: no limit. */
  readonly maxBodyBytes: number;
  readonly resolver: "auto" | readonly string[];
  /** Absolute path of a PEM file: the authorities that servers asked by the gateway itself may be certified by. */
  readonly trustedCa?: string;
  readonly upstreams: readonly Upstream[];
  readonly routes: readonly Route[];
  /** Absolute folders. */
  readonly customPlugins: readonly string[];
  readonly nginx: RawLines;
  readonly kubernetes: Kubernetes;
}

export interface Listen {
  readonly address: string;
  readonly port: number;
  readonly tls?: { readonly certificate: string; readonly key: string };
  readonly http2: boolean;
}

export interface Admin {
  readonly address: string;
  readonly port: number;
  /** Absent: no writing, and loopback only. */
  readonly token?: string;
  /** What alerts change; every rule that matches is followed. */
  readonly events: readonly EventRule[];
}

export interface EventRule {
  /** Label to value; `*` in it stands for any text. */
  readonly match: Readonly<Record<string, string>>;
  /** any: done when the alert fires, undone when it is resolved. */
  readonly status: "firing" | "resolved" | "any";
  readonly action: EventAction;
  readonly ttlSeconds: number;
  readonly reason?: string;
}

/** `$labels.name` in a text stands for the alert's label. */
export type EventAction =
  | { readonly kind: "breaker"; readonly id: string; readonly state: "open" | "closed" | "auto" }
  | { readonly kind: "limit"; readonly route: string; readonly factor: number }
  | {
      readonly kind: "peer";
      readonly upstream: string;
      /** `host:port` */
      readonly peer: string;
      readonly state: "up" | "drain" | "down";
      readonly weight?: number;
    };

export interface Timeouts {
  readonly connectSeconds: number;
  readonly sendSeconds: number;
  readonly readSeconds: number;
}

export interface Upstream {
  readonly name: string;
  readonly protocol: "http" | "https" | "grpc";
  readonly targets: readonly Target[];
  /** Asks for what only the plugin dynamic-upstreams does. Where nothing else needs it, nginx picks the peers otherwise. */
  readonly isDynamic: boolean;
  /** That plugin's configuration, complete; targets and retries are in it too. Paths are absolute. */
  readonly dynamic: DynamicConfig;
  readonly keepalive: { readonly connections: number; readonly idleSeconds: number };
  readonly retries: Retries;
  readonly timeouts: Timeouts;
}

/** Where the upstream's peers are found beside its targets: entries with one source or several. */
export function sourcesOf({ dynamic }: Pick<Upstream, "dynamic">): readonly SourcesConfig[] {
  const { also, ...first } = dynamic.discovery;
  return [first, ...also].filter((sources) => Object.keys(sources).length > 0);
}

export interface Target {
  /** Name, IPv4 address or bare IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** 1 to 1000. */
  readonly weight: number;
  readonly zone?: string;
  /** 0 is used first; higher ones only when no lower one is left. */
  readonly priority: number;
}

export interface Retries {
  /** Tries after the first; 0: none. */
  readonly attempts: number;
  /** connect, timeout, or a status from 500 to 599. */
  readonly on: readonly string[];
  readonly methods: readonly string[];
}

export interface Route {
  readonly name: string;
  /** Empty: every host. `*.example.com` allowed. */
  readonly hosts: readonly string[];
  readonly path: RoutePath;
  /** Empty: every method. */
  readonly methods: readonly string[];
  readonly upstream: string;
  readonly stripPrefix: boolean;
  readonly timeouts: Timeouts;
  readonly maxBodyBytes: number;
  /** Those of the gateway and the route's own merged; the ones set to `false` are gone. Order as written. */
  readonly plugins: readonly PluginUse[];
}

export type RoutePath =
  | { readonly kind: "prefix"; readonly value: string }
  | { readonly kind: "exact"; readonly value: string }
  | { readonly kind: "regex"; readonly value: string };

export interface PluginUse {
  readonly name: string;
  /** As written, environment filled in; the schema stage checks it and fills in defaults. */
  readonly config: unknown;
  /** Where it was written, to point at in errors: the keys from the root of gateway.yaml. */
  readonly keys: readonly (string | number)[];
}

export interface RawLines {
  readonly main: readonly string[];
  readonly http: readonly string[];
  readonly server: readonly string[];
  readonly location: readonly string[];
}

/** What the manifests of the kubernetes target are made from. */
export interface Kubernetes {
  /** A DNS label of at most 40 characters. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  /** How many gateways; scaled by the CPU used, in percent of what was requested, where min and max differ. */
  readonly replicas: { readonly min: number; readonly max: number; readonly cpuPercent: number };
  readonly cpuCores: number;
  /** Absent: by the size of the shared memory. */
  readonly memoryBytes?: number;
  readonly service: {
    readonly type: "ClusterIP" | "NodePort" | "LoadBalancer";
    /** Port of the gateway to port of the Service, where they differ. */
    readonly ports: Readonly<Record<string, number>>;
  };
  /** Port of the gateway to the Secret with its certificate. */
  readonly tlsSecrets: Readonly<Record<string, string>>;
  /** By name of the upstream; false: none to scale. One that is absent has the upstream's name. */
  readonly deployments: Readonly<Record<string, ScaledDeployment | false>>;
}

/** The namespace is the gateway's when absent. */
export interface ScaledDeployment {
  readonly name: string;
  readonly namespace?: string;
}
