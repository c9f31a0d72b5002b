/** `GET /status` and `GET /decisions` as the page reads them. Any part may be absent: an older gateway, a plugin not used. */

/** Times are Unix seconds, lengths of time seconds, rates of errors percent. */
export interface Status {
  readonly version?: string;
  readonly time?: number;
  readonly workers?: number;
  /** False: no token is set, so nothing can be changed. */
  readonly writable?: boolean;
  readonly node?: NodeFigures;
  readonly routes?: Readonly<Record<string, RouteStatus>>;
  readonly upstreams?: Readonly<Record<string, UpstreamStatus>>;
  readonly breakers?: Readonly<Record<string, BreakerStatus>>;
  readonly limits?: Readonly<Record<string, LimitStatus>>;
  readonly concurrency?: Readonly<Record<string, ConcurrencyStatus>>;
  readonly plugins?: Readonly<Record<string, PluginStatus>>;
}

export interface NodeFigures {
  readonly connections?: Partial<Readonly<Record<"active" | "reading" | "writing" | "waiting", number>>>;
  readonly cpu_ratio?: number;
  readonly memory_bytes?: number;
  readonly loop_lag_seconds?: number;
  readonly pressure?: number;
  readonly uptime_seconds?: number;
}

/** Figures over the window of endpoint-metrics; absent while nothing is known. */
export interface Traffic {
  readonly rps?: number;
  readonly error_rate?: number;
  readonly in_flight?: number;
  readonly latency_p50?: number;
  readonly latency_p90?: number;
  readonly latency_p99?: number;
}

/** A step in which nothing was measured is null. */
export type Series = readonly (number | null)[];

/** Oldest first, one value a step. */
export interface History {
  readonly step_seconds: number;
  readonly rps?: Series;
  readonly error_rate?: Series;
  readonly latency_p50?: Series;
  readonly latency_p90?: Series;
  readonly latency_p99?: Series;
}

export interface RouteStatus extends Traffic {
  readonly path?: string;
  readonly hosts?: readonly string[];
  readonly methods?: readonly string[];
  readonly upstream?: string;
  readonly plugins?: readonly string[];
  readonly history?: History;
}

export interface UpstreamStatus extends Traffic {
  readonly protocol?: string;
  readonly picked_by?: string;
  readonly desired_replicas?: number;
  readonly reason?: string;
  /** How a peer is chosen; this and what follows only where Lua picks. */
  readonly policy?: string;
  /** True while health is not heeded, for too few peers are well. */
  readonly panic?: boolean;
  readonly peers_available?: number;
  readonly peers_total?: number;
  readonly sources?: Readonly<Record<string, SourceStatus>>;
  readonly peers?: Readonly<Record<string, PeerStatus>>;
}

/** A place that peers are found at. */
export interface SourceStatus {
  /** `ok`, `failing` or `never`. */
  readonly state?: string;
  readonly since?: number;
  /** Why it is failing. */
  readonly problem?: string;
  /** What of its last answer could not be used. */
  readonly note?: string;
  /** How many peers of it are used. */
  readonly peers?: number;
}

export interface PeerStatus {
  readonly state?: string;
  readonly why?: string;
  readonly weight?: number;
  readonly priority?: number;
  readonly zone?: string;
  readonly override_until?: number;
  readonly ejected_until?: number;
  /** How often it was ejected of late. */
  readonly ejections?: number;
  readonly takes_requests?: boolean;
  /** Of the worker that answered, as is the latency. */
  readonly in_flight?: number;
  readonly latency_seconds?: number;
}

export interface BreakerStatus {
  readonly state?: string;
  readonly reason?: string;
  readonly since?: number;
  readonly until?: number;
  readonly calls?: number;
  readonly failure_rate?: number;
  readonly failure_threshold?: number;
  readonly slow_rate?: number;
  readonly slow_threshold?: number;
  readonly minimum_calls?: number;
  readonly shadow?: boolean;
}

export interface LimitStatus {
  readonly factor?: number;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

export interface ConcurrencyStatus {
  readonly limit?: number;
  readonly in_flight?: number;
  readonly reason?: string;
  readonly [field: string]: unknown;
}

export interface PluginStatus {
  readonly errors?: number;
  readonly seconds?: number;
}

export interface Decision {
  readonly time?: number;
  readonly plugin?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/**
 * The entries of a part of the answer, by name. Lua writes an empty table as `[]` or `{}`, so both are nothing.
 */
export function entriesOf<T>(part: Readonly<Record<string, T>> | undefined): readonly (readonly [string, T])[] {
  if (part === undefined || typeof part !== "object" || Array.isArray(part)) return [];
  return Object.entries(part).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** A list of the answer, with the same care: Lua may write an empty one as `{}`. */
export function listOf<T>(part: readonly T[] | undefined): readonly T[] {
  return part?.length === undefined ? [] : part;
}
