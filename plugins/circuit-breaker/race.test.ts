import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FAILED, begin, call, end, rig, shown, type OpenRequest } from "../../test/harness/breaker-rig.ts";
import type { Probe } from "./probes.ts";

const BUDGET = 2;
const PROBE_SECONDS = 10;
const CONFIG = {
  minimum_calls: 2,
  half_open: { calls: BUDGET, timeout_seconds: PROBE_SECONDS },
  open: { seconds: 5, jitter: 0 },
};

type Lease = Pick<Probe, "generation" | "leasedAt">;

describe("workers in the midst of each other", () => {
  it("give the last lease to one of two, and the loser leaves no trace", () => {
    const { node, workers } = rig({ ...CONFIG, half_open: { calls: 1 } }, { workers: 2 });
    const [one, two] = [workers[0]!, workers[1]!];
    for (let i = 0; i < 2; i++) call(node, one, FAILED);
    node.now += 6;
    // State, results, leases, expire: worker two gets in right before worker one counts its lease.
    let operation = 0;
    let winner: OpenRequest | undefined;
    node.store.interrupt = () => {
      operation += 1;
      if (operation !== 5) return;
      node.store.interrupt = undefined;
      winner = begin(node, two);
    };
    expect(begin(node, one).decision).toBeDefined();
    expect(winner?.decision).toBeUndefined();
    end(two, winner!, { proxied: false, status: 401 });
    expect(begin(node, one).decision).toBeUndefined();
  });

  it("never exceed the budget and make each transition once, at whatever operation they meet", () => {
    const action = fc.record({
      worker: fc.nat(2),
      finish: fc.boolean(),
      failed: fc.boolean(),
      pick: fc.nat(100),
      // After how many operations of whoever is at work this one begins.
      after: fc.integer({ min: 1, max: 8 }),
    });
    let interrupted = 0;
    let transitions = 0;
    fc.assert(
      fc.property(fc.array(action, { minLength: 10, maxLength: 60, size: "max" }), (actions) => {
        const { node, workers } = rig(CONFIG, { workers: 3 });
        const busy = new Set<number>();
        const flying: { worker: number; open: OpenRequest; lease: Lease | undefined }[] = [];
        const queue = [...actions];

        const perform = (act: (typeof actions)[number]): void => {
          busy.add(act.worker);
          const one = workers[act.worker]!;
          const mine = flying.filter(({ worker }) => worker === act.worker);
          if (act.finish && mine.length > 0) {
            const ended = mine[act.pick % mine.length]!;
            flying.splice(flying.indexOf(ended), 1);
            end(one, ended.open, { status: act.failed ? 500 : 200 });
          } else {
            const open = begin(node, one);
            const held = open.context.recall("circuit-breaker route:users") as Lease | undefined;
            if (open.decision === undefined) flying.push({ worker: act.worker, open, lease: held });
          }
          busy.delete(act.worker);
        };

        let countdown = 0;
        node.store.interrupt = () => {
          countdown -= 1;
          const next = queue[0];
          if (countdown > 0 || next === undefined || busy.has(next.worker)) return;
          queue.shift();
          countdown = next.after;
          interrupted += 1;
          perform(next);
        };
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          countdown = next.after;
          perform(next);
          const leases = flying.flatMap(({ lease }) => (lease === undefined ? [] : [lease]));
          for (const { generation } of leases) {
            const held = leases.filter(
              (one) => one.generation === generation && node.now - one.leasedAt < PROBE_SECONDS,
            );
            if (held.length > BUDGET)
              throw new Error(`${String(held.length)} probes in flight, allowed: ${String(BUDGET)}`);
          }
          if (next.pick % 4 === 0) node.now += 1;
        }
        node.store.interrupt = undefined;
        const made = node.events.filter(({ to }) => to !== "half_open").length;
        transitions += made;
        expect(shown(workers[0]!).generation).toBe(made);
      }),
      { numRuns: 2000 },
    );
    // Nothing is shown by races that did not happen.
    expect(interrupted).toBeGreaterThan(1000);
    expect(transitions).toBeGreaterThan(1000);
  });
});
