/** What a running gateway says of itself. Every part may be absent: which are there depends on its plugins. */

/** Of the last minute. */
export interface Traffic {
  /** Requests a second. */
  readonly rps: number | undefined;
  /** Percent. */
  readonly errorRate: number | undefined;
  readonly inFlight: number | undefined;
  /** Seconds. */
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p99: number | undefined;
}

export interface RouteStatus extends Traffic {
  readonly name: string;
  readonly path: string | undefined;
  readonly hosts: readonly string[];
  readonly methods: readonly string[];
  readonly upstream: string | undefined;
  readonly plugins: readonly string[];
  /** Requests a second, oldest first. */
  readonly rpsHistory: readonly number[];
}

export interface PeerStatus {
  readonly address: string;
  /** `up`, `drain`, `down`, `unhealthy`, `ejected`. */
  readonly state: string | undefined;
  readonly why: string | undefined;
  readonly weight: number | undefined;
  readonly zone: string | undefined;
  /** Seconds since the epoch. */
  readonly overrideUntil: number | undefined;
  /** Seconds since the epoch. */
  readonly ejectedUntil: number | undefined;
  /** How often it was ejected of late. */
  readonly ejections: number | undefined;
  readonly takesRequests: boolean | undefined;
  /** Of the worker that answered, as is the latency. */
  readonly inFlight: number | undefined;
  /** Seconds. */
  readonly latency: number | undefined;
}

/** A place that peers are found at. */
export interface SourceStatus {
  readonly name: string;
  /** `ok`, `failing`, `never`. */
  readonly state: string | undefined;
  /** Seconds since the epoch; undefined or 0: not known. */
  readonly since: number | undefined;
  readonly problem: string | undefined;
  /** What of its last answer could not be used. */
  readonly note: string | undefined;
  /** How many peers of it are used. */
  readonly peers: number | undefined;
}

export interface UpstreamStatus extends Traffic {
  readonly name: string;
  readonly protocol: string | undefined;
  /** `lua` or `nginx`; only peers picked in Lua can be drained. */
  readonly pickedBy: string | undefined;
  readonly desiredReplicas: number | undefined;
  readonly reason: string | undefined;
  /** How a peer is chosen; this and what follows only where Lua picks. */
  readonly policy: string | undefined;
  /** True while health is not heeded, for too few peers are well. */
  readonly panic: boolean | undefined;
  /** How many peers take requests, and how many there are. */
  readonly available: number | undefined;
  readonly total: number | undefined;
  readonly sources: readonly SourceStatus[];
  readonly peers: readonly PeerStatus[];
}

/** Of a breaker, a limit or a limit of concurrency. */
export interface ControlStatus {
  readonly name: string;
  readonly state: string | undefined;
  readonly reason: string | undefined;
  /** Seconds since the epoch. */
  readonly since: number | undefined;
  /** Seconds since the epoch; undefined or 0: it has no end. */
  readonly until: number | undefined;
  /** Everything else that is a number, by the name the gateway gives it. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface NodeStatus {
  readonly activeConnections: number | undefined;
  /** 0 to 1. */
  readonly cpuRatio: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly loopLagSeconds: number | undefined;
  /** 0 to 1. */
  readonly pressure: number | undefined;
  readonly uptimeSeconds: number | undefined;
}

export interface PluginStatus {
  readonly name: string;
  readonly errors: number;
}

export interface GatewayStatus {
  readonly version: string;
  /** Seconds since the epoch, by the gateway's clock. */
  readonly time: number;
  readonly workers: number | undefined;
  /** Undefined: the gateway does not say. */
  readonly writable: boolean | undefined;
  readonly node: NodeStatus;
  readonly routes: readonly RouteStatus[];
  readonly upstreams: readonly UpstreamStatus[];
  readonly breakers: readonly ControlStatus[];
  readonly limits: readonly ControlStatus[];
  readonly concurrency: readonly ControlStatus[];
  readonly plugins: readonly PluginStatus[];
}

/** A change of behavior. */
export interface DecisionStatus {
  /** Seconds since the epoch. */
  readonly time: number;
  readonly plugin: string;
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}
