import type { Context, PeerPool } from "./context.ts";
import type { Decision } from "./decision.ts";
import type { Clock, Events, Log, Pressure, Random, Store, StoreValue, Timer } from "./ports.ts";

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
  /** Called on each scrape of the metrics. */
  metrics?(emit: EmitMetric): void;
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
  get(): Readonly<Record<string, StoreValue>>;
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
  /** The shared dict of that name; the manifest must list it in `dicts`. */
  store(dict: string): Store;
}

/** A plugin's entry: runs once in each worker for each place it is configured at. The closures are made here. */
export type Create<Config> = (config: Config, host: Host) => Handlers;
