import type { Store } from "../../plugins/_kit/ports.ts";
import { sharedStore } from "./store.ts";
import { count } from "./worker-counters.ts";

const opened = new LuaMap<string, Store>();

/** The counter of writes that pushed live entries out of a dict. */
export function evictionKey(dict: string): string {
  return `evicted:${dict}`;
}

/** The shared dict of that name as a store: one for all who ask in this worker. Throws when it is not there, with `remedy`. */
export function openStore(dict: string, remedy: string): Store {
  const present = opened.get(dict);
  if (present !== undefined) {
    return present;
  }
  const found = ngx.shared[dict];
  if (found === undefined) {
    error(`E_DICT_MISSING: the gateway needs the shared dict "${dict}" - ${remedy}`);
  }
  const key = evictionKey(dict);
  const store = sharedStore(found, () => {
    count(key, 1);
  });
  opened.set(dict, store);
  return store;
}

/** Those that somebody in this worker asked for, by name. */
export function openedStores(): LuaMap<string, Store> {
  return opened;
}
