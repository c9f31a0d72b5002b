import { expect } from "vitest";
import type { StoreValue } from "../../plugins/_kit/ports.ts";

/** The store port as a test reaches it, wherever the store is. What is undefined in the port is undefined here. */
export interface StoreAtWork {
  get(key: string): Promise<StoreValue | undefined>;
  set(key: string, value: StoreValue, ttlSeconds?: number): Promise<boolean>;
  add(key: string, value: StoreValue, ttlSeconds?: number): Promise<boolean>;
  incr(key: string, delta: number, initial: number, initialTtlSeconds: number): Promise<number | undefined>;
  expire(key: string, ttlSeconds: number): Promise<boolean>;
  renew(key: string, ttlSeconds: number): Promise<unknown>;
  remove(key: string): Promise<unknown>;
  capacityBytes(): Promise<number | undefined>;
  freeBytes(): Promise<number | undefined>;
  /** Lets so much of the store's time pass, or a little more. */
  pass(seconds: number): Promise<void>;
}

/** Longer than any test takes on a slow machine. */
const LONG = 100;
const SHORT = 0.3;
const AFTER_SHORT = 0.4;

/** What `Store` in plugins/_kit/ports.ts promises; every store passes these. The store is empty at the start. */
export const STORE_CASES: Readonly<Record<string, (store: StoreAtWork) => Promise<void>>> = {
  "an absent key is undefined": async (store) => {
    expect(await store.get("a")).toBeUndefined();
    await store.remove("a");
    expect(await store.get("a")).toBeUndefined();
  },

  "values keep their type and their precision": async (store) => {
    const values: StoreValue[] = ["", "0", "text", 'ä|\\"\u0001', 0, -1, 0.1, 2 ** 53 - 1, 1e300, true, false];
    for (const value of values) {
      expect(await store.set("a", value)).toBe(true);
      expect(await store.get("a")).toBe(value);
    }
  },

  "set overwrites the value and its time to live": async (store) => {
    await store.set("a", 1, SHORT);
    await store.set("a", 2);
    await store.pass(AFTER_SHORT);
    expect(await store.get("a")).toBe(2);
    await store.set("a", 3, SHORT);
    await store.pass(AFTER_SHORT);
    expect(await store.get("a")).toBeUndefined();
  },

  "add writes only where nothing is, or nothing any more": async (store) => {
    expect(await store.add("a", "first", SHORT)).toBe(true);
    expect(await store.add("a", "second", LONG)).toBe(false);
    expect(await store.get("a")).toBe("first");
    await store.pass(AFTER_SHORT);
    expect(await store.add("a", "third")).toBe(true);
    expect(await store.get("a")).toBe("third");
    await store.remove("a");
    expect(await store.add("a", false)).toBe(true);
    expect(await store.add("a", true)).toBe(false);
  },

  "incr begins at the initial value and adds": async (store) => {
    expect(await store.incr("a", 2, 10, 0)).toBe(12);
    expect(await store.incr("a", -5, 10, 0)).toBe(7);
    expect(await store.incr("a", 0.5, 0, 0)).toBe(7.5);
    expect(await store.get("a")).toBe(7.5);
    expect(await store.incr("big", 2 ** 51, 0, 0)).toBe(2 ** 51);
    expect(await store.incr("big", 1, 0, 0)).toBe(2 ** 51 + 1);
  },

  "incr gives a time to live only where it begins": async (store) => {
    await store.incr("begun", 1, 0, SHORT);
    await store.incr("begun", 1, 0, LONG);
    await store.set("kept", 5);
    await store.incr("kept", 1, 0, SHORT);
    await store.pass(AFTER_SHORT);
    expect(await store.get("begun")).toBeUndefined();
    expect(await store.incr("begun", 1, 0, 0)).toBe(1);
    expect(await store.get("kept")).toBe(6);
  },

  "incr fails on what is no number, and leaves it": async (store) => {
    for (const value of ["5", "eight by", true]) {
      await store.set("a", value);
      expect(await store.incr("a", 1, 0, 0)).toBeUndefined();
      expect(await store.get("a")).toBe(value);
    }
  },

  "incr begins anew where a text or a flag has expired": async (store) => {
    await store.set("text", "eight by", SHORT);
    await store.set("flag", true, SHORT);
    await store.pass(AFTER_SHORT);
    expect(await store.incr("text", 1, 0, 0)).toBe(1);
    expect(await store.incr("flag", 1, 4, 0)).toBe(5);
    expect([await store.get("text"), await store.get("flag")]).toEqual([1, 5]);
  },

  "expire gives a present key a new time to live": async (store) => {
    await store.set("a", "kept", SHORT);
    expect(await store.expire("a", LONG)).toBe(true);
    await store.set("b", "lost");
    expect(await store.expire("b", SHORT)).toBe(true);
    await store.set("c", "for ever", SHORT);
    expect(await store.expire("c", 0)).toBe(true);
    await store.pass(AFTER_SHORT);
    expect([await store.get("a"), await store.get("b")]).toEqual(["kept", undefined]);
    expect(await store.get("c")).toBe("for ever");
  },

  "expire does not bring back what has expired, nor what never was": async (store) => {
    await store.set("a", 3, SHORT);
    await store.pass(AFTER_SHORT);
    expect(await store.expire("a", LONG)).toBe(false);
    expect(await store.get("a")).toBeUndefined();
    expect(await store.incr("a", 1, 0, 0)).toBe(1);
    expect(await store.expire("never", LONG)).toBe(false);
  },

  "renew gives what was just written a new time to live, and makes nothing": async (store) => {
    await store.incr("a", 1, 0, SHORT);
    await store.renew("a", LONG);
    await store.incr("b", 1, 0, LONG);
    await store.renew("b", SHORT);
    await store.renew("never", LONG);
    await store.pass(AFTER_SHORT);
    expect([await store.get("a"), await store.get("b"), await store.get("never")]).toEqual([1, undefined, undefined]);
  },

  "keys are told apart by every byte": async (store) => {
    await store.set("a", 1);
    await store.set("a ", 2);
    await store.set("A", 3);
    await store.set("ä:|%", 4);
    expect(await Promise.all(["a", "a ", "A", "ä:|%"].map((key) => store.get(key)))).toEqual([1, 2, 3, 4]);
  },

  "it tells its size, and what is free of it": async (store) => {
    const capacity = (await store.capacityBytes()) ?? 0;
    const free = (await store.freeBytes()) ?? 0;
    expect(capacity).toBeGreaterThanOrEqual(65536);
    expect(free).toBeGreaterThan(0);
    expect(free).toBeLessThanOrEqual(capacity);
    for (let index = 0; index < 100; index++) await store.set(`key${String(index)}`, "x".repeat(100));
    expect(await store.capacityBytes()).toBe(capacity);
    expect(await store.freeBytes()).toBeLessThan(free);
  },
};
