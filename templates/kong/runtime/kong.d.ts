/** The part of Kong's plugin development kit that the host uses. Calls are with a dot: no function takes self. */

/** A plugin's configuration as Kong hands it over: a table shared by all requests, new after each push. */
interface KongConfig {
  readonly [field: string]: unknown;
  readonly mode?: string;
  /** Absent: the configuration is of a service, or global. */
  readonly route_id?: string;
  readonly service_id?: string;
  readonly __plugin_id?: string;
}

interface KongService {
  readonly id: string;
  readonly name?: string;
  readonly host?: string;
}

interface KongRoute {
  readonly id: string;
  readonly name?: string;
  readonly service?: { readonly id: string };
}

/** Kong's record of where the request in hand goes. Times are in milliseconds. */
interface KongBalancerData {
  /** Of the Service's host; Kong looks names up, and asks before retries only where it did. */
  type?: "name" | "ipv4" | "ipv6";
  host?: string;
  hostname?: string;
  /** How many may follow the first try. */
  readonly retries: number;
  /** From 1, in the balancer phase: the try that begins now. */
  readonly try_count: number;
  /** What became of each try so far, and an empty one for that which begins. */
  readonly tries: readonly { readonly state?: string; readonly code?: number }[];
  connect_timeout: number;
  send_timeout: number;
  read_timeout: number;
}

/** What Kong keeps of the request in ngx.ctx, as far as the host reads it. The table is used again after log. */
interface KongRequest {
  [key: string]: unknown;
  readonly route?: KongRoute;
  readonly service?: KongService;
  readonly balancer_data?: KongBalancerData;
  readonly KONG_PROXIED?: boolean;
  /** One of the two names is there. */
  readonly authenticated_consumer?: { readonly id: string; readonly username?: string; readonly custom_id?: string };
  /** Ours: the upstream that a plugin sent the request to. */
  autoscale_routed_to?: string;
  /** Ours: what tells the request from others. */
  autoscale_handle?: number;
}

/** Called with a colon. */
interface KongEntities<Entity> {
  each(pageSize?: number): LuaIterable<LuaMultiReturn<[Entity | undefined, unknown]>>;
  select(key: { readonly id: string }): LuaMultiReturn<[Entity | undefined, unknown]>;
}

/** Called with a colon. */
interface KongNamed<Entity> {
  select_by_name(name: string): LuaMultiReturn<[Entity | undefined, unknown]>;
}

declare const kong: {
  readonly response: {
    exit(this: void, status: number, body: string | undefined, headers?: Readonly<Record<string, string>>): void;
  };
  readonly service: {
    set_upstream(this: void, name: string): LuaMultiReturn<[true | undefined, string | undefined]>;
    set_target(this: void, host: string, port: number): void;
    set_retries(this: void, retries: number): void;
    /** Called before each retry, where nothing may yield; it must set the target itself and return something truthy. */
    set_target_retry_callback(this: void, callback: (this: void) => boolean): void;
  };
  readonly db: {
    readonly routes: KongEntities<KongRoute>;
    readonly services: KongEntities<KongService>;
    readonly upstreams: KongNamed<{ readonly id: string }>;
  };
};
