/** @noSelfInFile */

/**
 * A cache of one worker. Values are kept as they are (tables and functions too), not copied.
 * `resty.lrucache` is faster when most lookups hit, `resty.lrucache.pureffi` when keys come and go.
 */
interface RestyLruCache<V = unknown> {
  /**
   * The value. Expired: undefined and the stale value, once more. Third: the flags given to `set` (0 when none).
   */
  get(key: string | number): LuaMultiReturn<[V | undefined, V | undefined, number | undefined]>;
  /** Replaces the least recently used entry when full. `ttlSeconds` absent: for ever. */
  set(key: string | number, value: V, ttlSeconds?: number, flags?: number): void;
  delete(key: string | number): void;
  /** Entries, expired ones included. */
  count(): number;
  capacity(): number;
  /** Keys, most recently used first; all when `maxCount` is absent or 0. */
  get_keys(maxCount?: number, into?: (string | number)[]): (string | number)[];
  flush_all(): void;
}

/**
 * `import * as lrucache from "resty.lrucache"`
 * @noResolution
 */
declare module "resty.lrucache" {
  const _VERSION: string;
  /** Room for so many entries, at least 1. */
  function create<V = unknown>(capacity: number): NgxResult<RestyLruCache<V>>;
  export { create as new, _VERSION };
}

/**
 * The same interface over FFI structs: steadier when keys are many and short-lived.
 * @noResolution
 */
declare module "resty.lrucache.pureffi" {
  const _VERSION: string;
  /** @param loadFactor how full the hash table may be, 0.1 to 1; 0.5 when absent */
  function create<V = unknown>(capacity: number, loadFactor?: number): NgxResult<RestyLruCache<V>>;
  export { create as new, _VERSION };
}
