/** The part of Apache APISIX that the host uses. No function takes self. */

/** A plugin's configuration as APISIX hands it over: a table that requests share, new after each push. */
interface ApisixConfig {
  readonly [field: string]: unknown;
  readonly mode?: string;
  readonly _meta?: { readonly error_response?: unknown };
}

interface ApisixNode {
  /** IPv6 in brackets. */
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** The highest is used first. */
  readonly priority?: number;
  /** The name that `host` was found by. */
  readonly domain?: string;
}

/** A list, or a map of `host:port` to weight as people may write it. */
type ApisixNodes = readonly ApisixNode[] | Readonly<Record<string, number>>;

interface ApisixUpstream {
  readonly id?: string;
  readonly nodes?: ApisixNodes;
}

interface ApisixRoute {
  readonly id: string;
  readonly upstream_id?: string | number;
  readonly upstream?: ApisixUpstream;
  readonly plugins?: Readonly<Record<string, ApisixConfig>>;
  readonly service_id?: string | number;
  readonly plugin_config_id?: string | number;
}

/** A resource as APISIX keeps it. Deleted ones leave `false` in the list. */
interface ApisixItem<Value> {
  readonly value: Value;
}

/** @noSelf */
interface ApisixServerPicker {
  /** `host:port` of the peer to try, or why there is none. */
  get(context: ApisixContext): LuaMultiReturn<[string | undefined, string?]>;
  after_balance?(context: ApisixContext, beforeRetry: boolean): void;
  readonly addr_to_domain: Readonly<Record<string, string>>;
}

/** What a request is sent to. */
interface ApisixServer {
  readonly host: string;
  readonly port: number;
  readonly domain?: string;
  readonly upstream_host: string;
}

interface ApisixChecker {
  /** False when the health checks found it sick; undefined when they do not know it. */
  get_target_status(host: string, port: number, hostname?: string): LuaMultiReturn<[boolean | undefined]>;
}

/** APISIX's table of one request. It is used again for another after log: nothing may be kept of it. */
interface ApisixContext {
  readonly conf_type?: string;
  readonly conf_id?: string;
  readonly route_id?: string;
  readonly matched_route?: ApisixItem<ApisixRoute>;
  /** True once a peer was chosen and nginx is about to connect. */
  readonly proxy_passed?: boolean;
  readonly upstream_conf?: {
    readonly nodes?: ApisixNodes;
    readonly checks?: { readonly active?: { readonly host?: string; readonly port?: number } };
  };
  readonly up_checker?: ApisixChecker;
  readonly upstream_scheme?: string;
  readonly pass_host?: string;
  readonly var: Record<string, unknown>;
  /** Sends the request to this upstream instead of the route's. */
  upstream_id?: string;
  /** The peer of the first try; taken away when it begins. */
  picked_server?: ApisixServer;
  server_picker?: ApisixServerPicker;
  balancer_ip?: string;
  balancer_port?: number;
  balancer_server?: string;
  /** Ours: the upstream and the peer that a plugin chose, who may exclude peers, and the peers tried. */
  autoscale_routed_to?: string;
  autoscale_peer?: { readonly host: string; readonly port: number };
  autoscale_selectors?: object[];
  autoscale_tried?: Record<string, boolean>;
}

/** @noResolution */
declare module "apisix.core" {
  const core: {
    readonly schema: {
      /** Fills defaults into `value`. */
      check(this: void, schema: object, value: object): LuaMultiReturn<[boolean, string | undefined]>;
    };
  };
  export = core;
}

/** @noResolution */
declare module "apisix.upstream" {
  const upstream: {
    upstreams(this: void): readonly (ApisixItem<ApisixUpstream> | false)[] | undefined;
  };
  export = upstream;
}

/** @noResolution */
declare module "apisix.router" {
  const router: {
    http_routes(this: void): readonly (ApisixItem<ApisixRoute> | false)[] | undefined;
  };
  export = router;
}
