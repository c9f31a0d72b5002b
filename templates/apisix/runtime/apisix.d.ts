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
  /** How nodes are picked. */
  readonly type?: string;
  readonly retries?: number;
  readonly checks?: { readonly active?: { readonly host?: string; readonly port?: number } };
}

/** A service has the same, but for what leads to it. */
interface ApisixRoute {
  readonly id: string;
  readonly upstream_id?: string | number | undefined;
  readonly upstream?: ApisixUpstream | undefined;
  readonly plugins?: Readonly<Record<string, ApisixConfig>>;
  readonly service_id?: string | number;
  readonly plugin_config_id?: string | number;
}

/** A resource as APISIX keeps it. */
interface ApisixItem<Value> {
  readonly value: Value;
}

/** Deleted ones leave `false`. */
type ApisixItems<Value> = readonly (ApisixItem<Value> | false)[];

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
  /** Who the client is, where authentication knows. */
  readonly consumer_name?: string;
  readonly conf_type?: string;
  readonly conf_id?: string;
  readonly route_id?: string;
  readonly matched_route?: ApisixItem<ApisixRoute>;
  /** True once a peer was chosen and nginx is about to connect. */
  readonly proxy_passed?: boolean;
  /** The upstream of the route, or of `upstream_id`. */
  readonly matched_upstream?: ApisixUpstream;
  /** Where the request goes: the same, unless a plugin of APISIX's made another one for it. */
  upstream_conf?: ApisixUpstream;
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
  upstream_unresolved_host?: string;
  /** Ours: the upstream and the peer that a plugin chose, who may exclude peers, and the peers tried. */
  autoscale_routed_to?: string;
  autoscale_peer?: { readonly host: string; readonly port: number };
  autoscale_selectors?: object[];
  /** Ours too: whose plugin picks the peers of the route's upstream, and that upstream, once it has. */
  autoscale_picking?: object;
  autoscale_upstream?: ApisixUpstream;
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
    upstreams(this: void): ApisixItems<ApisixUpstream> | undefined;
  };
  export = upstream;
}

/** @noResolution */
declare module "apisix.router" {
  const router: {
    /** And what tells them from those before a change. Undefined while APISIX begins. */
    http_routes(this: void): LuaMultiReturn<[ApisixItems<ApisixRoute> | undefined, unknown]>;
  };
  export = router;
}

/** @noResolution */
declare module "apisix.http.service" {
  const service: {
    get(this: void, id: string): ApisixItem<ApisixRoute> | undefined;
    services(this: void): LuaMultiReturn<[ApisixItems<ApisixRoute> | undefined, unknown]>;
  };
  export = service;
}

/** @noResolution */
declare module "apisix.plugin_config" {
  const groups: {
    get(this: void, id: string): ApisixItem<Pick<ApisixRoute, "plugins">> | undefined;
    plugin_configs(this: void): LuaMultiReturn<[unknown, unknown]>;
  };
  export = groups;
}
