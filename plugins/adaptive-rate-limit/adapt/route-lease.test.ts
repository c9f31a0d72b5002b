import { describe, expect, it } from "vitest";
import { memoryStore } from "../../../test/harness/memory-store.ts";
import { routeLease } from "./route-lease.ts";

describe("routeLease", () => {
  it("is of one worker for as long as it renews it, and of another one when it does not", () => {
    let now = 0;
    const store = memoryStore(() => now);
    const [one, two] = [0, 1].map((slot) => routeLease(store, "leader", () => slot, 3));
    for (; now < 20; now += 1) expect([one?.(), two?.()]).toEqual([true, false]);
    for (; now < 22; now += 1) expect(two?.()).toBe(false);
    now += 1;
    expect([two?.(), one?.()]).toEqual([true, false]);
  });
});
