import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { healthRig, peerKeys, type HealthRig } from "../../../test/harness/health-rig.ts";
import { longestEjection, mostEjected } from "../../_core/health/ejection.ts";
import { readConditions, type Conditions } from "../../_core/health/health-text.ts";
import { isEjected, isUsable } from "../../_core/health/peer-condition.ts";
import type { DecisionEvent, StoreValue } from "../../_kit/ports.ts";

const WORKERS = 3;
const KEYS = peerKeys(6);
const EJECT = 5;
const MOST = 20;
const LONGEST = longestEjection(EJECT, MOST);

type Step =
  | { readonly do: "try"; readonly worker: number; readonly peer: number; readonly statuses: readonly number[] }
  | { readonly do: "wait"; readonly seconds: number }
  | { readonly do: "catchUp" | "flush" | "sweep" | "die"; readonly worker: number }
  | { readonly do: "steal" }
  | { readonly do: "probe"; readonly worker: number; readonly sick: readonly number[]; readonly agent: string }
  | { readonly do: "leave"; readonly count: number }
  | { readonly do: "spoil"; readonly key: string; readonly value: StoreValue };

const worker = fc.nat(WORKERS - 1);
const peer = fc.nat(KEYS.length - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("try" as const),
      worker,
      peer,
      statuses: fc.array(fc.constantFrom(0, 200, 404, 500, 500, 502, 503), { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(0.1, 0.3, 1, 4, 11, 70) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("wait" as const), seconds: fc.constantFrom(-0.2, -7, -5000) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom("catchUp" as const, "flush", "sweep"), worker }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("die" as const), worker }) },
  { weight: 1, arbitrary: fc.constant({ do: "steal" as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), count: fc.integer({ min: 1, max: 6 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("probe" as const),
      worker,
      sick: fc.array(peer, { maxLength: 6 }),
      agent: fc.constantFrom("", "50%", "drain", "ready 100%", "down", "up", "0%"),
    }),
  },
);
/** What nobody should write: then only that nothing breaks is promised, and that the limits hold from then on. */
const spoil: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("spoil" as const),
  key: fc.oneof(
    fc.constantFrom("health:backend", "health-version:backend", "health-suspects:backend"),
    peer.map((index) => `health-errors:backend/${KEYS[index] ?? ""}`),
  ),
  value: fc.oneof(
    fc.constantFrom<StoreValue>("", "[]", "{}", "[[1]]", "null", true, NaN, Infinity, -5, 1e308),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc
      .tuple(peer, fc.double(), fc.double(), fc.double())
      .map(([index, a, b, c]) => JSON.stringify([[KEYS[index], 0, 0, 1, "", a, b, c, "x"]])),
  ),
});

/** Much quicker than `expect`, which this would call a million times. */
function holds(condition: boolean, claim: string): void {
  if (!condition) throw new Error(claim);
}

const PASSIVE = {
  eject_seconds: EJECT,
  max_eject_seconds: MOST,
  max_ejected: 50,
  consecutive_errors: 4,
  consecutive_gateway_errors: 3,
  interval_seconds: 3,
  success_rate_peers: 3,
  success_rate_requests: 4,
  failure_rate: 60,
  failure_rate_requests: 4,
};

interface Scenario {
  readonly rig: HealthRig;
  present: readonly string[];
  readonly busy: Set<number>;
  ejections: number;
}

/** What anybody reads in shared memory now. */
function truth({ node }: HealthRig): Conditions {
  const text = node.store.get("health:backend");
  try {
    return readConditions(typeof text === "string" ? JSON.parse(text) : undefined);
  } catch {
    return {};
  }
}

function perform(scenario: Scenario, step: Step): void {
  const { rig } = scenario;
  const { node } = rig;
  const workers = rig.workers as HealthRig["workers"][number][];
  if (step.do === "wait") {
    node.now += step.seconds;
    // A dead worker's claim would live for as long as the clock was set back: nginx measures lives by it.
    if (step.seconds < 0) node.store.remove("health-claim:backend");
  } else if (step.do === "steal") node.store.add("health-claim:backend", 0.123, 1);
  else if (step.do === "spoil") node.store.set(step.key, step.value);
  else if (step.do === "leave") {
    scenario.present = KEYS.slice(0, step.count);
    for (const one of workers) {
      one.replace(scenario.present);
      one.flush();
    }
  } else {
    const one = workers[step.worker];
    if (one === undefined || scenario.busy.has(step.worker)) return;
    scenario.busy.add(step.worker);
    if (step.do === "try") {
      const key = KEYS[step.peer] ?? "";
      if (scenario.present.includes(key)) one.tried(key, ...step.statuses);
    } else if (step.do === "die") workers[step.worker] = rig.spawn(scenario.present);
    else if (step.do === "probe") probe(scenario, step);
    else one[step.do]();
    scenario.busy.delete(step.worker);
  }
}

/** A second or two of probing by a worker that has just become the keeper. */
function probe({ rig }: Scenario, step: Extract<Step, { do: "probe" }>): void {
  const { node } = rig;
  const until = node.now + 1.5;
  node.http.request = ({ host }) => {
    const sick = step.sick.some((index) => KEYS[index] === `${host}:80`);
    return { status: sick ? 500 : 200, headers: {}, body: step.agent };
  };
  node.sleep = (seconds) => {
    node.now += seconds;
    rig.workers[step.worker]?.catchUp();
    return node.now < until;
  };
  node.tasks.length = 0;
  rig.workers[step.worker]?.probe();
  node.tasks[0]?.();
}

/** What holds whenever something has changed: asked as soon as the change is told, for the next one may be another's. */
function checkEvent({ rig, present }: Scenario, { to, subject, inputs }: DecisionEvent): void {
  holds(!Object.values(inputs).some(Number.isNaN), "no figure is NaN");
  if (to !== "ejected") return;
  const now = rig.node.now;
  const all = truth(rig);
  const { seconds, ejections } = inputs as { seconds: number; ejections: number };
  holds(seconds >= EJECT && seconds <= LONGEST, `an ejection lasts ${String(seconds)} seconds`);
  holds(ejections >= 1 && ejections <= MOST / EJECT, `the multiplier is ${String(ejections)}`);
  const ejected = present.filter((key) => {
    const condition = all[key];
    return condition !== undefined && isEjected(condition.ejection, now, LONGEST);
  });
  holds(ejected.length <= mostEjected(PASSIVE.max_ejected, present.length), `too many are ejected with ${subject}`);
  holds(
    present.some((key) => isUsable(all[key], now, LONGEST)),
    `the last one was ejected: ${subject}`,
  );
}

/** What holds always. */
function check({ rig }: Scenario): void {
  for (const { health } of rig.workers) {
    for (const key of KEYS) {
      const condition = health.of(key);
      if (condition === undefined) continue;
      holds(condition.share > 0 && condition.share <= 1, "a share is a share");
      holds(condition.ejections >= 0 && condition.ejectedUntilSeconds >= 0, "no figure is NaN");
    }
  }
}

/** With everything well for long enough nothing is left of what was. */
function recover(scenario: Scenario): void {
  const { rig } = scenario;
  perform(scenario, { do: "leave", count: KEYS.length });
  rig.second(3);
  perform(scenario, { do: "probe", worker: 0, sick: [], agent: "up ready 100%" });
  perform(scenario, { do: "probe", worker: 0, sick: [], agent: "up ready 100%" });
  rig.second(150);
  for (const key of KEYS)
    expect([key, rig.usable(key), rig.workers[0]?.health.of(key)]).toEqual([key, true, undefined]);
}

function newScenario(): Scenario {
  const active = { interval_seconds: 0.5, healthy_after: 2, unhealthy_after: 2, agent: true };
  const rig = healthRig({ passive: PASSIVE, active }, { workers: WORKERS, peers: KEYS });
  const scenario: Scenario = { rig, present: KEYS, busy: new Set(), ejections: 0 };
  const { events, store } = rig.node;
  events.push = (...news) => {
    const interrupt: (() => void) | undefined = store.interrupt;
    store.interrupt = undefined;
    for (const event of news) {
      checkEvent(scenario, event);
      scenario.ejections += event.to === "ejected" ? 1 : 0;
    }
    store.interrupt = interrupt;
    return Array.prototype.push.apply(events, news);
  };
  return scenario;
}

describe("three workers, in any order", { timeout: 120_000 }, () => {
  it("never eject the last peer nor too many, for no longer than allowed, and tell each change once", () => {
    let ejections = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 100, size: "max" }), (steps) => {
        const scenario = newScenario();
        const { events } = scenario.rig.node;
        for (const each of steps) {
          perform(scenario, each);
          check(scenario);
        }
        recover(scenario);
        for (const key of KEYS) {
          const words = events.filter(({ subject }) => subject === `peer:backend/${key}`).map(({ to }) => to);
          const ejected = words.filter((word) => word === "ejected" || word === "returned");
          ejected.forEach((word, index) => {
            // Who leaves for a minute while ejected is forgotten, and may be ejected again.
            const before = ejected[index - 1];
            holds(word === "ejected" || before === "ejected", `${key}: ${words.join()}`);
          });
          const probed = words.filter((word) => word === "unhealthy" || word === "healthy");
          holds(probed[0] !== "healthy", `${key} is well twice: ${words.join()}`);
        }
        ejections += scenario.ejections;
      }),
      { numRuns: 300 },
    );
    // Nothing is shown by scenarios in which nothing happens.
    expect(ejections).toBeGreaterThan(300);
  });

  it("bear garbage in shared memory", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 6, arbitrary: step }, { weight: 1, arbitrary: spoil }), { maxLength: 80 }),
        (steps) => {
          const scenario = newScenario();
          for (const each of steps) {
            perform(scenario, each);
            check(scenario);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("keep to the limits when one is interrupted by others at each of its operations", () => {
    let interrupted = 0;
    let ejections = 0;
    const calm = step.filter((each) => each.do !== "wait" && each.do !== "leave" && each.do !== "probe");
    fc.assert(
      fc.property(fc.array(fc.tuple(calm, fc.nat(4)), { minLength: 40, maxLength: 120, size: "max" }), (steps) => {
        const scenario = newScenario();
        const { node } = scenario.rig;
        const queue = [...steps];
        let countdown = 0;
        node.store.interrupt = () => {
          const next = queue[0];
          countdown -= 1;
          if (countdown > 0 || next === undefined) return;
          queue.shift();
          countdown = next[1];
          interrupted += 1;
          perform(scenario, next[0]);
        };
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          countdown = next[1];
          perform(scenario, next[0]);
          check(scenario);
          node.now += 0.3;
        }
        ejections += scenario.ejections;
      }),
      { numRuns: 500 },
    );
    expect(interrupted).toBeGreaterThan(1000);
    expect(ejections).toBeGreaterThan(300);
  });
});
