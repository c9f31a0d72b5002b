/** What the build writes into `autoscale/gateway.lua`: plain data, read once in each worker. */
import type { AlertRule } from "../../../nginx/runtime/alert-rules.ts";

export interface Settings {
  readonly version: string;
  readonly admin?: { readonly token?: string; readonly events: readonly AlertRule[] };
  readonly upstreams: Readonly<Record<string, UpstreamSettings>>;
  readonly routes: readonly RouteSettings[];
}

export interface UpstreamSettings {
  /** Ends the name of the function that picks peers for requests sent here from other upstreams' routes. */
  readonly id: string;
  /** True when peers are picked in Lua; nginx picks them otherwise. */
  readonly balanced: boolean;
  readonly protocol: "http" | "https" | "grpc";
  /** `host:port` of the peers known at build time. */
  readonly keys: readonly string[];
  /** The same, in full. */
  readonly peers: readonly PeerSettings[];
  /** Of the plugin that picks, where `balanced`. */
  readonly config?: unknown;
}

export interface PeerSettings {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly priority: number;
}

export interface RouteSettings {
  /** Ends the names of its functions, e.g. `autoscale_access_<id>`. */
  readonly id: string;
  readonly name: string;
  /** As written in gateway.yaml. */
  readonly path: string;
  readonly hosts: readonly string[];
  readonly methods: readonly string[];
  readonly upstream: string;
  /** Internal location for each other upstream this route may be sent to. */
  readonly locations: Readonly<Record<string, string>>;
  readonly plugins: readonly PluginSettings[];
}

export interface PluginSettings {
  readonly name: string;
  /** Lua module that exports `create`. */
  readonly module: string;
  readonly shadow: boolean;
  readonly config: unknown;
}
