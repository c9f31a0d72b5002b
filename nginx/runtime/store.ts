import type { Store } from "../../plugins/_kit/ports.ts";

/**
 * The store port over one `lua_shared_dict`. The closures are made once a worker; calls to them compile away.
 * @param evicted called after a write that pushed out entries which were still good: nginx tells that it was so, not how
 * many. `safe_set` and the like, which never do, are not used.
 */
export function sharedStore(dict: NgxSharedDict, evicted: (this: void) => void): Store {
  return {
    get: (key) => {
      const [value] = dict.get(key);
      return value;
    },
    set: (key, value, ttlSeconds) => {
      const [stored, , forcible] = dict.set(key, value, ttlSeconds ?? 0);
      if (forcible === true) {
        evicted();
      }
      return stored === true;
    },
    add: (key, value, ttlSeconds) => {
      const [stored, , forcible] = dict.add(key, value, ttlSeconds ?? 0);
      if (forcible === true) {
        evicted();
      }
      return stored === true;
    },
    incr: (key, delta, initial, initialTtlSeconds) => {
      const [value, , forcible] = dict.incr(key, delta, initial, initialTtlSeconds);
      if (forcible === true) {
        evicted();
      }
      return value;
    },
    expire: (key, ttlSeconds) => {
      // ngx_lua's expire brings a key back whose time was up but whose memory was not yet taken.
      if (dict.get(key)[0] === undefined) {
        return false;
      }
      const [done] = dict.expire(key, ttlSeconds);
      return done === true;
    },
    renew: (key, ttlSeconds) => {
      dict.expire(key, ttlSeconds);
    },
    remove: (key) => {
      dict.delete(key);
    },
    capacityBytes: () => {
      const bytes = dict.capacity();
      return bytes;
    },
    freeBytes: () => {
      const bytes = dict.free_space();
      return bytes;
    },
  };
}
