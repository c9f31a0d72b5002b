import type { Store, StoreValue } from "../../plugins/_kit/ports.ts";

/** As an nginx shared dict of 16m; an entry is taken for one of its smaller ones. */
const CAPACITY_BYTES = 16 * 1024 * 1024;
const ENTRY_BYTES = 128;

interface Entry {
  value: StoreValue;
  /** Infinity: never. */
  readonly expiresAt: number;
}

/** A store in memory that behaves as nginx's shared dict does, and shows what was done to it. */
export interface MemoryStore extends Store {
  /** Operations since the counter was last set to 0. */
  operations: number;
  /** Runs before each operation: what another worker does at that moment. */
  interrupt: (() => void) | undefined;
  /** Live keys, sorted. */
  keys(): string[];
  /** Seconds until the key expires: Infinity when it never does, undefined when it is absent. */
  ttl(key: string): number | undefined;
}

/** @param now the time that ttls are measured with, in seconds */
export function memoryStore(now: () => number): MemoryStore {
  const entries = new Map<string, Entry>();
  const expiry = (ttlSeconds: number): number => (ttlSeconds > 0 ? now() + ttlSeconds : Infinity);
  const live = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAt > now()) return entry;
    entries.delete(key);
    return undefined;
  };
  const operated = (): void => {
    store.interrupt?.();
    store.operations += 1;
  };
  const store: MemoryStore = {
    operations: 0,
    interrupt: undefined,
    get: (key) => {
      operated();
      return live(key)?.value;
    },
    set: (key, value, ttlSeconds = 0) => {
      operated();
      entries.set(key, { value, expiresAt: expiry(ttlSeconds) });
      return true;
    },
    add: (key, value, ttlSeconds = 0) => {
      operated();
      if (live(key) !== undefined) return false;
      entries.set(key, { value, expiresAt: expiry(ttlSeconds) });
      return true;
    },
    incr: (key, delta, initial, initialTtlSeconds) => {
      operated();
      const entry = live(key);
      if (entry === undefined) {
        entries.set(key, { value: initial + delta, expiresAt: expiry(initialTtlSeconds) });
        return initial + delta;
      }
      if (typeof entry.value !== "number") return undefined;
      entry.value += delta;
      return entry.value;
    },
    expire: (key, ttlSeconds) => {
      operated();
      const entry = live(key);
      if (entry === undefined) return false;
      entries.set(key, { value: entry.value, expiresAt: expiry(ttlSeconds) });
      return true;
    },
    renew: (key, ttlSeconds) => {
      operated();
      // As ngx_lua: what has expired comes back, unless something took its place or its memory.
      const entry = entries.get(key);
      if (entry !== undefined) entries.set(key, { value: entry.value, expiresAt: expiry(ttlSeconds) });
    },
    remove: (key) => {
      operated();
      entries.delete(key);
    },
    capacityBytes: () => CAPACITY_BYTES,
    freeBytes: () => CAPACITY_BYTES - Math.min(CAPACITY_BYTES, entries.size * ENTRY_BYTES),
    keys: () => [...entries.keys()].filter((key) => live(key) !== undefined).sort(),
    ttl: (key) => {
      const entry = live(key);
      return entry === undefined ? undefined : entry.expiresAt - now();
    },
  };
  return store;
}
