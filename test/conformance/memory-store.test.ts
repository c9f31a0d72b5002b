import { describe, test } from "vitest";
import { memoryStore } from "../harness/memory-store.ts";
import { STORE_CASES, type StoreAtWork } from "./store-cases.ts";

function atWork(): StoreAtWork {
  let now = 1_700_000_000;
  const store = memoryStore(() => now);
  return {
    get: (...args) => Promise.resolve(store.get(...args)),
    set: (...args) => Promise.resolve(store.set(...args)),
    add: (...args) => Promise.resolve(store.add(...args)),
    incr: (...args) => Promise.resolve(store.incr(...args)),
    expire: (...args) => Promise.resolve(store.expire(...args)),
    renew: (key, ttlSeconds) => {
      store.renew(key, ttlSeconds);
      return Promise.resolve();
    },
    remove: (key) => {
      store.remove(key);
      return Promise.resolve();
    },
    capacityBytes: () => Promise.resolve(store.capacityBytes()),
    freeBytes: () => Promise.resolve(store.freeBytes()),
    pass: (seconds) => {
      now += seconds;
      return Promise.resolve();
    },
  };
}

describe("the store in memory, which tests use", () => {
  test.each(Object.entries(STORE_CASES))("%s", (_name, run) => run(atWork()));
});
