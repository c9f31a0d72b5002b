import type { Context, PeerPool } from "./context.ts";
import type { Decision } from "./decision.ts";
import type { Balancer } from "./balancer.ts";
import type {
  Clock,
  Datagrams,
  Dns,
  Events,
  Files,
  Gate,
  Http,
  Json,
  JsonValue,
  Log,
  NodeLoad,
  Pressure,
  Random,
  Redis,
  RedisOptions,
  Store,
  Tasks,
  Timer,
} from "./ports.ts";

/** nginx's phases in the order they run, and the semantic `select_upstream` (before each try at a peer). */
export type Phase = "rewrite" | "access" | "select_upstream" | "header_filter" | "body_filter" | "log";

/**
 * What a plugin does, phase by phase. Every handler may throw: the host lets the request go on, logs the error
 * once an interval, and counts it.
 * @noSelf
 */
export interface Handlers {
  rewrite?(context: Context): Decision | undefined;
  access?(context: Context): Decision | undefined;
  select_upstream?(context: Context, pool: PeerPool): void;
  header_filter?(context: Context): void;
  /** Returns what to send instead of `chunk`, or undefined to leave it. */
  body_filter?(context: Context, chunk: string, last: boolean): string | undefined;
  log?(context: Context): void;
  /** Things of this plugin that people may look at and act on through the admin server. */
  admin?: readonly AdminResource[];
  /** Called on each scrape of the metrics: for the few figures of one instance. */
  metrics?(emit: EmitMetric): void;
  /** Picks the peers of the place's upstream. */
  balancer?: Balancer;
  /** Metrics that all instances of the plugin in this worker share; instances that give the same object write it once. */
  exposition?: Exposition;
  /**
   * Called once when this instance is used no more: its configuration was replaced or its route is gone. Requests under way
   * may still come to its log. For what `Host.shared` keeps of it.
   */
  end?(): void;
}

/**
 * Many metrics, written as text: for a plugin that keeps thousands of series.
 * @noSelf
 */
export interface Exposition {
  /** Writes whole metric families in Prometheus' text format, or in OpenMetrics' where `sink.openMetrics`. */
  write(sink: ExpositionSink): void;
}

/** @noSelf */
export interface ExpositionSink {
  /** The scraper asked for OpenMetrics 1.0: exemplars are welcome, and a counter's family is named without `_total`. */
  readonly openMetrics: boolean;
  /** Whole lines, each with its newline. */
  write(lines: string): void;
  /**
   * The same in pieces, which together are whole lines. For thousands of lines: LuaJIT looks at a few bytes of a text only
   * when it stores it, and finds lines that differ elsewhere ever more slowly.
   */
  pieces(parts: readonly string[]): void;
  /** Lets other requests run, for about a millisecond. Call it every few hundred lines; what was read may change meanwhile. */
  pause(): void;
}

/** Metric names follow `gateway_<noun>_<unit>`; counters end in `_total`. Labels: `route`, `upstream`, `peer`, … */
export type EmitMetric = (
  name: string,
  type: "counter" | "gauge",
  help: string,
  labels: Readonly<Record<string, string>>,
  value: number,
) => void;

/**
 * `GET /status` shows `get()` under `<collection>` and `<id>`; `PUT /<collection>/<id>` calls `put`.
 * @noSelf
 */
export interface AdminResource {
  /** Plural noun, e.g. `breakers`. */
  readonly collection: string;
  readonly id: string;
  /** State and why, as JSON would show it. */
  get(): { readonly [name: string]: JsonValue | undefined };
  /** Applies a change; returns undefined when done, or a sentence saying what is wrong with the input. */
  put?(body: Readonly<Record<string, unknown>>): string | undefined;
}

/** Where an instance of a plugin stands in the gateway. */
export interface Place {
  /** The route's name. */
  readonly route: string;
  readonly upstream: string;
  /** `host:port` of the upstream's peers known at start. */
  readonly peers: readonly string[];
}

/**
 * What `create` gets beside its config.
 * @noSelf
 */
export interface Host {
  readonly place: Place;
  /** True in `mode: shadow`: count and report what would be done, but do not do it. */
  readonly shadow: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly timer: Timer;
  readonly events: Events;
  readonly pressure: Pressure;
  readonly json: Json;
  /** The shared dict of that name; the manifest must list it in `dicts`. */
  store(dict: string): Store;
  /** How many peers the place's upstream has now; undefined where the host cannot tell. */
  peerCount(): number | undefined;
  /**
   * One object for all instances of this plugin in this worker: `make` runs at the first call with that name. It outlives
   * every instance, and so does its timer.
   */
  shared<Shared>(name: string, make: (this: void, worker: WorkerHost) => Shared): Shared;
}

/**
 * What outlives a plugin's instances in a worker.
 * @noSelf
 */
export interface WorkerHost {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly timer: Timer;
  readonly events: Events;
  readonly pressure: Pressure;
  readonly json: Json;
  /**
   * A place of this worker's own among the live workers of the node, from 0: no two have the same at once, those of an
   * older configuration that still finish requests included. It may change when the worker was stalled for long.
   */
  slot(): number;
  /** The highest slot in use, so that a reader can go through all. */
  highestSlot(): number;
  /** A number for the live worker that has the slot, another one for each worker; undefined when nobody has it. */
  holderOf(slot: number): number | undefined;
  /**
   * Runs `task` once when the worker was told to finish (a reload, a quit), and again after each request that ends later,
   * for no timer task runs from then on. It may use the store, but send nothing and not wait.
   */
  atExit(task: () => void): void;
  store(dict: string): Store;
  /** @param address `host:port`, an IP address or a name that is looked up */
  datagrams(address: string): Datagrams;
  readonly tasks: Tasks;
  gate(): Gate;
  readonly http: Http;
  readonly dns: Dns;
  readonly files: Files;
  /** Nobody is asked before the first command. */
  redis(options: RedisOptions): Redis;
  /** Reads some files of the kernel: timer and background tasks only. Asked again within a moment it gives the same answer. */
  load(): NodeLoad;
  /**
   * True in one worker of the node: the one that does what is to be done once. When it dies another one takes over within
   * two seconds; one that was stalled for longer may believe for a moment that it still is the one.
   */
  isKeeper(): boolean;
}

/** A plugin's entry: runs once in each worker for each place it is configured at. The closures are made here. */
export type Create<Config> = (config: Config, host: Host) => Handlers;
