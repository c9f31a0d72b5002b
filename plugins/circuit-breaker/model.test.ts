import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { begin, end, rig, shown, type OpenRequest, type Rig } from "../../test/harness/breaker-rig.ts";

/** What may happen to one node: on which worker, and what. */
type Step =
  | { readonly do: "begin"; readonly worker: number }
  | { readonly do: "end"; readonly pick: number; readonly failed: boolean }
  | { readonly do: "lose"; readonly pick: number }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "tick"; readonly worker: number }
  | { readonly do: "die"; readonly worker: number }
  | { readonly do: "steal"; readonly worker: number };

const worker = fc.nat(3);
const pick = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("begin" as const), worker }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("end" as const), pick, failed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lose" as const), pick }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(0.01, 0.3, 1, 5, 11) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(-0.05, -2, -100) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("tick" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("die" as const), worker }) },
  // A worker claims the turn and dies before it writes.
  { weight: 1, arbitrary: fc.record({ do: fc.constant("steal" as const), worker }) },
);

const BUDGET = 3;
const PROBE_SECONDS = 10;
const CONFIG = {
  minimum_calls: 4,
  window: { seconds: 5 },
  open: { seconds: 5, max_seconds: 20 },
  half_open: { calls: BUDGET, timeout_seconds: PROBE_SECONDS },
};

interface Flying {
  readonly worker: number;
  readonly open: OpenRequest;
  readonly probeOf: number | undefined;
  readonly since: number;
}

/** Much quicker than `expect`, which this would call a million times. */
function holds(condition: boolean, claim: string): void {
  if (!condition) throw new Error(claim);
}

/** Runs the steps, checking after each what must hold at any time. */
function run(breaker: Rig, steps: readonly Step[]): void {
  const { node } = breaker;
  const workers = [...breaker.workers];
  const flying: Flying[] = [];
  const lost: Flying[] = [];
  let generation = 0;
  let clockWentBack = false;
  for (const step of steps) {
    const before = node.events.length;
    if (step.do === "begin") {
      const one = workers[step.worker]!;
      const was = shown(one);
      const open = begin(node, one);
      if (was.state === "closed") holds(open.decision === undefined, "closed rejects nothing");
      if (was.state === "open") holds(open.decision !== undefined, "open rejects everything");
      const probe = open.decision === undefined && was.state === "half_open" && shown(one).state === "half_open";
      const probeOf = probe ? Number(was.generation) : undefined;
      if (open.decision === undefined) flying.push({ worker: step.worker, open, probeOf, since: node.now });
      else end(one, open);
    } else if (step.do === "end" && flying.length > 0) {
      const [{ worker, open } = flying[0]!] = flying.splice(step.pick % flying.length, 1);
      end(workers[worker]!, open, { status: step.failed ? 500 : 200 });
    } else if (step.do === "lose" && flying.length > 0) {
      lost.push(...flying.splice(step.pick % flying.length, 1));
    } else if (step.do === "wait") {
      // Timers run twice a second, so they have when somebody sets the clock back.
      if (step.seconds < 0) for (const one of workers) one.tick();
      node.now += step.seconds;
      if (step.seconds < 0) clockWentBack = true;
    } else if (step.do === "tick") {
      workers[step.worker]!.tick();
    } else if (step.do === "die") {
      const gone = flying.filter((one) => one.worker === step.worker);
      for (const one of gone) flying.splice(flying.indexOf(one), 1);
      lost.push(...gone);
      workers[step.worker] = breaker.spawn();
    } else if (step.do === "steal") {
      node.store.add(`cb:route:users:turn:${String(generation)}`, 1, 1);
    }

    // One winner a generation: each transition but half-open moves it on by exactly one.
    const made = node.events.slice(before).filter(({ to }) => to !== "half_open");
    holds(made.length <= 1, "one step makes one transition at most");
    const view = shown(workers[0]!);
    holds(view.generation === generation + made.length, "a transition is one generation");
    generation = Number(view.generation);

    // Never more unexpired leases than the budget.
    const leases = [...flying, ...lost].filter(
      ({ probeOf, since }) => probeOf === generation && node.now - since < PROBE_SECONDS,
    );
    holds(clockWentBack || leases.length <= BUDGET, "no more unexpired leases than the budget");

    holds(!Object.values(view).some(Number.isNaN), "no figure is NaN");
    holds(Number(view.failure_rate) <= 100 && Number(view.calls) >= 0, "figures stay within their range");
  }
}

/** With traffic and a sound upstream it closes again, whatever happened before. */
function recoverFully(breaker: Rig): void {
  const { node, workers } = breaker;
  for (let i = 0; i < 60; i++) {
    node.now += 1;
    for (const one of workers) {
      one.tick();
      const open = begin(node, one);
      end(one, open, open.decision === undefined ? { status: 200 } : {});
    }
  }
  for (const one of workers) expect(shown(one).state).toBe("closed");
}

describe("four workers, in any order", () => {
  it.each([
    ["time", { seconds: 5 }],
    ["count", { calls: 8 }],
  ])("keep the contract (%s window)", { timeout: 60_000 }, (type, window) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 150, size: "max" }), (steps) => {
        const breaker = rig({ ...CONFIG, window: { type, ...window } }, { workers: 4 });
        run(breaker, steps);
        recoverFully(breaker);
      }),
      { numRuns: 500 },
    );
  });

  it("agree with a list of all calls when their ticks run", () => {
    const action = fc.record({ worker, failed: fc.boolean(), wait: fc.constantFrom(0, 0.02, 0.2, 0.7, 3) });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const { node, workers } = rig({ window: { seconds: 5 }, minimum_calls: 10_000 }, { workers: 4 });
        const calls: { slot: number; failed: boolean }[] = [];
        for (const { worker, failed, wait } of actions) {
          node.now += wait;
          end(workers[worker]!, begin(node, workers[worker]!), { status: failed ? 500 : 200 });
          calls.push({ slot: Math.floor(node.now / 0.5), failed });
        }
        for (const one of workers) one.tick();
        const recent = calls.filter(({ slot }) => slot > Math.floor(node.now / 0.5) - 10);
        const failures = recent.filter(({ failed }) => failed).length;
        for (const one of workers) {
          const view = shown(one);
          expect(view.calls).toBe(recent.length);
          expect((Number(view.failure_rate) * recent.length) / 100).toBeCloseTo(failures);
        }
      }),
      { numRuns: 500 },
    );
  });
});
