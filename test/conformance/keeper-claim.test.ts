import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keeperClaim, LOOK_SECONDS, type KeeperClaim } from "../../nginx/runtime/keeper-claim.ts";
import { memoryStore } from "../harness/memory-store.ts";

/** Workers of one node, with a clock set by hand. */
function node() {
  let now = 1_700_000_000;
  const store = memoryStore(() => now);
  const workers = new Map<number, KeeperClaim>();
  return {
    store,
    begin: (pid: number): KeeperClaim => {
      const claim = keeperClaim(store, pid);
      claim.look();
      workers.set(pid, claim);
      return claim;
    },
    kill: (pid: number) => workers.delete(pid),
    end: (pid: number) => workers.get(pid)?.end(),
    keepers: (): number[] => [...workers].filter(([, claim]) => claim.holds()).map(([pid]) => pid),
    /** All but the stalled ones look as often as they do. */
    pass: (seconds: number, stalled: readonly number[] = []) => {
      for (let passed = 0; passed < seconds; passed += LOOK_SECONDS) {
        now += LOOK_SECONDS;
        for (const [pid, claim] of workers) if (!stalled.includes(pid)) claim.look();
      }
    },
  };
}

describe("the keeper", () => {
  test("is the first worker, and stays it", () => {
    const { begin, keepers, pass } = node();
    for (const pid of [7, 8, 9]) begin(pid);
    expect(keepers()).toEqual([7]);
    pass(3600);
    expect(keepers()).toEqual([7]);
  });

  test("has a successor within two seconds when it dies", () => {
    const { begin, kill, keepers, pass } = node();
    for (const pid of [7, 8, 9]) begin(pid);
    kill(7);
    pass(1);
    expect(keepers()).toEqual([]);
    pass(1);
    expect(keepers()).toEqual([8]);
  });

  test("has one at the next look when it was told to finish, and does not come back", () => {
    const { begin, end, keepers, pass } = node();
    for (const pid of [7, 8]) begin(pid);
    end(7);
    expect(keepers()).toEqual([]);
    pass(LOOK_SECONDS);
    expect(keepers()).toEqual([8]);
    // It ends once more after each request that it still has.
    end(7);
    end(8);
    pass(LOOK_SECONDS);
    expect(keepers()).toEqual([]);
  });

  test("that was stalled knows that it is the one no more", () => {
    const { begin, keepers, pass } = node();
    const [stalled] = [7, 8].map(begin);
    pass(2, [7]);
    expect(stalled?.holds()).toBe(false);
    expect(keepers()).toEqual([8]);
    stalled?.end();
    expect(keepers()).toEqual([8]);
    pass(2);
    expect(keepers()).toEqual([8]);
  });

  test("may be stalled for a second", () => {
    const { begin, keepers, pass } = node();
    for (const pid of [7, 8]) begin(pid);
    pass(1, [7]);
    expect(keepers()).toEqual([7]);
    pass(1);
    expect(keepers()).toEqual([7]);
  });

  test("that loses the claim between its look and its renewal takes nothing from the new one", () => {
    const { store, begin, kill, keepers } = node();
    const claim = begin(7);
    begin(8);
    const seen = store.operations;
    store.interrupt = () => {
      // The claim was read, and is gone before it is renewed.
      if (store.operations === seen + 1) {
        store.interrupt = undefined;
        store.remove("keeper");
        kill(8);
        begin(8);
      }
    };
    claim.look();
    expect(keepers()).toEqual([8]);
  });

  test("is never two, whatever workers do and whenever they are stalled", () => {
    const pid = fc.integer({ min: 1, max: 4 });
    const step = fc.oneof(
      fc.tuple(fc.constantFrom("begin", "kill", "end"), pid),
      fc.tuple(fc.constant("pass"), fc.integer({ min: 1, max: 5 })),
      fc.tuple(fc.constant("stall"), pid),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { begin, kill, end, keepers, pass } = node();
        const alive = new Set<number>();
        let stalled: readonly number[] = [];
        let nextPid = 100;
        const of = (index: number): number => [...alive][index % Math.max(1, alive.size)] ?? 0;
        for (const [what, which] of steps) {
          const one = of(which);
          if (what === "begin") {
            alive.add((nextPid += 1));
            begin(nextPid);
          } else if (what === "pass") {
            pass(which * LOOK_SECONDS, stalled);
          } else if (what === "stall") {
            stalled = [one];
          } else {
            if (what === "kill") kill(one);
            else end(one);
            alive.delete(one);
          }
          expect(keepers().length).toBeLessThanOrEqual(1);
        }
        // And there is one when two seconds went by without any trouble.
        pass(2);
        expect(keepers()).toHaveLength(alive.size > 0 ? 1 : 0);
      }),
    );
  });
});
