/**
 * Ports: what a plugin may ask of the world around it. A host adapter implements them over one gateway's
 * API; tests implement them in memory. Nothing else reaches a plugin, so a plugin runs the same in Node,
 * in plain LuaJIT and inside three gateways.
 */

/** What a store can hold. */
export type StoreValue = string | number | boolean;

/**
 * Memory shared by all workers of one gateway node (an nginx shared dict). There is no compare-and-swap:
 * `incr` counts atomically, `add` elects one winner, `set` is last-writer-wins.
 * @noSelf
 */
export interface Store {
  /** The value, or undefined when absent or expired. */
  get(key: string): StoreValue | undefined;
  /** Writes unconditionally; evicts least recently used entries when memory is short. `ttlSeconds` 0 or absent: forever. */
  set(key: string, value: StoreValue, ttlSeconds?: number): boolean;
  /** Writes only if the key is absent or expired: true for exactly one caller among all workers. */
  add(key: string, value: StoreValue, ttlSeconds?: number): boolean;
  /**
   * Adds `delta` atomically and returns the new value. An absent key starts at `initial` and lives
   * `initialTtlSeconds` (0: forever); the ttl of a present key is left as it is.
   * Undefined when the key holds something that is not a number, or there is no memory.
   */
  incr(key: string, delta: number, initial: number, initialTtlSeconds: number): number | undefined;
  /** Gives a present key a new time to live; false when the key is absent. */
  expire(key: string, ttlSeconds: number): boolean;
  remove(key: string): void;
  /** Bytes of the whole memory; undefined where nobody can tell. */
  capacityBytes(): number | undefined;
  /** Bytes of pages that nothing was ever put into, or that are wholly free again: at 0 there may still be room. */
  freeBytes(): number | undefined;
}

/** @noSelf */
export interface Clock {
  /** Seconds since the epoch, with milliseconds; constant within one turn of the event loop. */
  now(): number;
}

/** @noSelf */
export interface Random {
  /** Uniform in [0, 1); seeded apart in each worker. */
  next(): number;
}

/** @noSelf */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  notice(message: string): void;
}

/** @noSelf */
export interface Timer {
  /** Runs `task` about every `seconds` in this worker until it ends. A task that throws is logged and runs again. */
  every(seconds: number, task: () => void): void;
}

/** @noSelf */
export interface Pressure {
  /** How loaded this gateway worker is, 0 (idle) to 1 (saturated), as last sampled. Never blocks. */
  read(): number;
}

/** One change of behaviour, as written to the log: who changed, from what to what, and why. */
export interface DecisionEvent {
  /** The plugin's name. */
  readonly plugin: string;
  /** What changed, e.g. `route:users`. */
  readonly subject: string;
  readonly from: string;
  readonly to: string;
  /** A short English sentence. */
  readonly reason: string;
  /** The figures the decision was made from. */
  readonly inputs: Readonly<Record<string, StoreValue>>;
}

/** @noSelf */
export interface Events {
  emit(event: DecisionEvent): void;
}

/** What JSON can say; `undefined` fields are left out. */
export type JsonValue =
  string | number | boolean | readonly JsonValue[] | { readonly [name: string]: JsonValue | undefined };

/** @noSelf */
export interface Json {
  /** The value `text` stands for, or undefined when it is not JSON. `null` is undefined wherever it stands. */
  decode(text: string): unknown;
  encode(value: JsonValue): string;
}

/**
 * UDP to one receiver. A datagram may be lost: nobody is told.
 * @noSelf
 */
export interface Datagrams {
  /** False when it could not be handed to the network. Timer tasks only: it cannot be called while a request is handled. */
  send(payload: string): boolean;
}
