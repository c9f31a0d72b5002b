/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  /** The zones made by `lua_shared_dict`. @phases any */
  readonly shared: NgxSharedDicts;
}

/**
 * Zones by name; undefined when nginx.conf has no such `lua_shared_dict`.
 * Name those you rely on by augmentation: `interface NgxSharedDicts { my_zone: NgxSharedDict }`.
 */
interface NgxSharedDicts {
  [name: string]: NgxSharedDict | undefined;
}

/** What a key can hold beside a list. */
type NgxSharedValue = string | number | boolean;

/**
 * Memory all workers share; kept over a reload, lost at a restart. Each call takes the zone's lock and is atomic by itself;
 * none yields. There is no compare-and-swap. Keys are strings of 1 to 65535 bytes (numbers are turned to strings, nil
 * gives `nil, "nil key"`). Expiry is checked at reads, with nginx's cached clock.
 * @phases any
 */
interface NgxSharedDict {
  /**
   * The value and its flags (undefined when 0).
   * @returns undefined when absent or expired; undefined and a sentence on an error ("value is a list")
   */
  get(key: string): LuaMultiReturn<[NgxSharedValue | undefined, number | string | undefined]>;

  /** Like `get`, but expired entries count until their memory is reused; the third result says whether it is stale. */
  get_stale(
    key: string,
  ): LuaMultiReturn<[NgxSharedValue | undefined, number | string | undefined, boolean | undefined]>;

  /**
   * Writes, evicting least recently used entries when memory is short. `undefined` deletes.
   * @param exptime seconds to live, to the millisecond; 0 or absent: for ever
   * @param flags a 32-bit number of your own, given back by `get`
   * @returns true; false and "no memory" when evicting did not help; third: whether valid entries were evicted
   */
  set(
    key: string,
    value: NgxSharedValue | undefined,
    exptime?: number,
    flags?: number,
  ): LuaMultiReturn<[boolean | undefined, string | undefined, boolean | undefined]>;

  /** Like `set`, but never evicts valid entries: false and "no memory" instead. Fragmentation may cause it early. */
  safe_set(
    key: string,
    value: NgxSharedValue | undefined,
    exptime?: number,
    flags?: number,
  ): LuaMultiReturn<[boolean | undefined, string | undefined]>;

  /** Like `set` if the key is absent or expired, else false and "exists". One caller among all workers wins. */
  add(
    key: string,
    value: NgxSharedValue,
    exptime?: number,
    flags?: number,
  ): LuaMultiReturn<[boolean | undefined, string | undefined, boolean | undefined]>;

  /** `add` without evicting. */
  safe_add(
    key: string,
    value: NgxSharedValue,
    exptime?: number,
    flags?: number,
  ): LuaMultiReturn<[boolean | undefined, string | undefined]>;

  /** Like `set` if the key is present, else false and "not found". */
  replace(
    key: string,
    value: NgxSharedValue,
    exptime?: number,
    flags?: number,
  ): LuaMultiReturn<[boolean | undefined, string | undefined, boolean | undefined]>;

  /** Removes the key; silent when it is absent. */
  delete(key: string): void;

  /**
   * Adds `delta` atomically and gives the new value. A key that is absent or expired starts at `init`, if given.
   * Doubles: sums stay exact up to 2^53. The time to live of a present key is left as it is.
   * @param initTtl seconds to live of a key made here; 0 or absent: for ever. Needs `init`
   * @returns undefined and "not found" (absent, no `init`), "not a number", or "no memory"
   */
  incr(
    key: string,
    delta: number,
    init?: number,
    initTtl?: number,
  ): LuaMultiReturn<[number, undefined, boolean | undefined] | [undefined, string, boolean | undefined]>;

  /**
   * Seconds left to live; 0 when the key lives for ever.
   * @returns undefined and "not found"
   */
  ttl(key: string): NgxResult<number>;

  /**
   * Gives a present key a new time to live, in seconds; 0: for ever.
   * @returns undefined and "not found"
   */
  expire(key: string, exptime: number): NgxResult<true>;

  // Lists. They are made without expiry, and share the keys with plain values ("value not a list").

  /** Pushes in front and gives the new length. Never evicts: undefined and "no memory". */
  lpush(key: string, value: string | number): NgxResult<number>;
  /** Pushes at the end and gives the new length. */
  rpush(key: string, value: string | number): NgxResult<number>;
  /** Takes the first one; undefined when the list is absent. */
  lpop(key: string): LuaMultiReturn<[string | number | undefined, string | undefined]>;
  /** Takes the last one; undefined when the list is absent. */
  rpop(key: string): LuaMultiReturn<[string | number | undefined, string | undefined]>;
  /** The length; 0 when the list is absent. */
  llen(key: string): NgxResult<number>;

  // The whole zone. These walk it under its lock and stall every worker: keep them out of requests.

  /** Marks all entries expired; frees no memory by itself. */
  flush_all(): void;
  /** Frees the memory of up to `maxCount` expired entries (0 or absent: all) and gives how many. */
  flush_expired(maxCount?: number): number;
  /** Up to `maxCount` keys (1024 when absent; 0: all), least recently used first. */
  get_keys(maxCount?: number): string[];
  /** Bytes of the zone as nginx.conf has it. */
  capacity(): number;
  /** Bytes of wholly free pages. 0 does not mean full: used pages may have room. */
  free_space(): number;
}
