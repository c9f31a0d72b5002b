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

/** What Kong keeps of the request in ngx.ctx, as far as the host reads it. The table is used again after log. */
interface KongRequest {
  [key: string]: unknown;
  readonly route?: KongRoute;
  readonly service?: KongService;
  readonly balancer_data?: { readonly type?: string; host?: string; hostname?: string };
  readonly KONG_PROXIED?: boolean;
  /** Ours: the upstream that a plugin sent the request to. */
  autoscale_routed_to?: string;
}

/** Called with a colon. */
interface KongEntities<Entity> {
  each(pageSize?: number): LuaIterable<LuaMultiReturn<[Entity | undefined, unknown]>>;
  select(key: { readonly id: string }): LuaMultiReturn<[Entity | undefined, unknown]>;
}

declare const kong: {
  readonly response: {
    exit(this: void, status: number, body: string | undefined, headers?: Readonly<Record<string, string>>): void;
  };
  readonly service: {
    set_upstream(this: void, name: string): LuaMultiReturn<[true | undefined, string | undefined]>;
    set_target(this: void, host: string, port: number): void;
    /** Called before each retry, where nothing may yield; it must set the target itself and return something truthy. */
    set_target_retry_callback(this: void, callback: (this: void) => boolean): void;
  };
  readonly db: {
    readonly routes: KongEntities<KongRoute>;
    readonly services: KongEntities<KongService>;
  };
};
