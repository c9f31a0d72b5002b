/** The configuration with its defaults filled in; `manifest.ts` declares it, and a test holds the two together. */
export interface Config extends PolicyConfig {
  /** More policies on the same route: a request must pass all of them. */
  readonly also: readonly PolicyConfig[];
  readonly adapt: AdaptConfig;
  /** Without Redis the state lies in the gateway's own memory. */
  readonly store: { readonly redis?: RedisConfig };
  readonly replicas: number;
  /** A name with one address for each gateway, in place of `replicas`. */
  readonly replicas_dns?: string;
  readonly headers: "ietf" | "legacy" | "none";
  readonly reject: { readonly status: number; readonly body: string };
}

export type Algorithm = "gcra" | "sliding-window" | "fixed-window";

/** One limit. */
export interface PolicyConfig {
  /** Unique on the route. */
  readonly name: string;
  readonly algorithm: Algorithm;
  /** So much cost in `window_seconds`. */
  readonly limit: number;
  readonly window_seconds: number;
  /** GCRA only: what may come at once after a pause. Absent: a tenth of the limit, at least 1. */
  readonly burst?: number;
  /** What clients are told apart by. */
  readonly key: readonly string[];
  readonly tiers?: TiersConfig;
  /** What each request takes of the limit. */
  readonly cost: number;
  /** `header:N`, which may say more than `cost`. */
  readonly cost_from?: string;
  /** A limit of that name is shared by all routes that name it; absent: each route has its own. */
  readonly shared?: string;
}

export interface TiersConfig {
  /** `header:N`, or `consumer`. */
  readonly by: string;
  /** The tier of requests that have none, or one that is not in `limits`. */
  readonly default: string;
  readonly limits: Readonly<Record<string, number>>;
  /** By tier, in place of `adapt.floor`: the higher a tier's floor, the later it is cut. */
  readonly floors: Readonly<Record<string, number>>;
}

/** What lowers the limits under stress. */
export interface AdaptConfig {
  /** Share of the processors that the gateway may use; absent: not looked at. */
  readonly gateway_cpu?: number;
  /** How late the event loops of the workers may run. */
  readonly loop_lag_seconds?: number;
  /** Mean time of the route's upstream. */
  readonly latency_seconds?: number;
  /** Percent of the route's answered requests that are errors of the upstream. */
  readonly error_rate?: number;
  /** `PUT /limits/<route>` is heard. */
  readonly external: boolean;
  readonly floor: number;
  readonly decrease: number;
  readonly increase: number;
  readonly interval_seconds: number;
  readonly hold_seconds: number;
  /** Clients that send this many times of what they are used to are cut first; absent: all alike. */
  readonly surge_multiple?: number;
}

export interface RedisConfig {
  readonly url: string;
  /** For a decision, connecting included. */
  readonly timeout_seconds: number;
  /** `exact`: each request asks. `batch`: cost is leased ahead, and requests are decided here. */
  readonly mode: "exact" | "batch";
  /** So long Redis is left alone after it failed. */
  readonly retry_seconds: number;
  readonly tls_verify: boolean;
}
