import type { Store } from "../../plugins/_kit/ports.ts";

/** The store port over one `lua_shared_dict`. The closures are made once a worker; calls to them compile away. */
export function sharedStore(dict: NgxSharedDict): Store {
  return {
    get: (key) => {
      const [value] = dict.get(key);
      return value;
    },
    set: (key, value, ttlSeconds) => {
      const [stored] = dict.set(key, value, ttlSeconds ?? 0);
      return stored === true;
    },
    add: (key, value, ttlSeconds) => {
      const [stored] = dict.add(key, value, ttlSeconds ?? 0);
      return stored === true;
    },
    incr: (key, delta, initial, initialTtlSeconds) => {
      const [value] = dict.incr(key, delta, initial, initialTtlSeconds);
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
    remove: (key) => {
      dict.delete(key);
    },
  };
}
