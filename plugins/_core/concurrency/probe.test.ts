import { expect, test } from "vitest";
import { newLimitState, type LimitSample, type LimitState } from "./limit-state.ts";
import { nextProbe, probeLimit } from "./probe.ts";

const settings = { algorithm: "gradient2", initial: 20, min: 5, max: 100 } as const;
const NOW = 1_700_000_000;
const sample = (more: Partial<LimitSample> = {}): LimitSample => ({
  seconds: 0.2,
  count: 50,
  maxInFlight: 20,
  drops: 0,
  limited: true,
  ...more,
});
const state = (more: Partial<LimitState> = {}): LimitState => ({
  ...newLimitState(settings),
  baselineSeconds: 0.1,
  baselineSamples: 10,
  confirmedAtSeconds: NOW - 30,
  ...more,
});

test("half of the limit is let in, never less than the least", () => {
  expect([probeLimit(settings, 20), probeLimit(settings, 21.5), probeLimit(settings, 6)]).toEqual([10, 11, 5]);
});

test("after 30 seconds under load it drains for two latencies, then measures once", () => {
  const begun = nextProbe(settings, state(), sample(), true, NOW);
  expect(begun).toMatchObject({ probe: "drain", probeUntilSeconds: NOW + 0.4 });
  const waits = nextProbe(settings, state(begun), sample(), true, NOW + 0.3);
  expect(waits.probe).toBe("drain");
  const ready = nextProbe(settings, state(waits), sample(), true, NOW + 0.5);
  expect(ready.probe).toBe("measure");
  const over = nextProbe(settings, state(ready), sample({ seconds: 0.105, maxInFlight: 10 }), true, NOW + 1);
  expect(over).toMatchObject({ probe: "none", confirmedAtSeconds: NOW + 1, baseline: { seconds: 0.105 } });
});

test("a latency that is another one is looked for again soon", () => {
  const measuring = state({ probe: "measure" });
  const found = nextProbe(settings, measuring, sample({ seconds: 0.3, maxInFlight: 10 }), true, NOW);
  expect(found).toMatchObject({ confirmedAtSeconds: NOW - 25, baseline: { seconds: 0.3 } });
});

test("when the most important alone keep the upstream busy, nothing was measured, and the next probe holds up all", () => {
  const measuring = state({ probe: "measure" });
  const failed = nextProbe(settings, measuring, sample({ maxInFlight: 16 }), true, NOW);
  expect(failed).toMatchObject({ probe: "none", probesAll: true, baseline: { seconds: 0.1 } });
  // Until there is a time without load.
  expect(nextProbe(settings, state({ probesAll: true }), sample(), false, NOW).probesAll).toBe(false);
});

test("without load nothing is measured", () => {
  expect(nextProbe(settings, state(), sample(), false, NOW)).toMatchObject({ probe: "none", confirmedAtSeconds: NOW });
});

test("at the least limit the latency there is the baseline", () => {
  const step = nextProbe(settings, state({ limit: 5 }), sample(), true, NOW);
  expect(step).toMatchObject({ probe: "none", confirmedAtSeconds: NOW, baseline: { seconds: 0.2 } });
});

test("the first one is due five seconds after the first sample, and when requests have become faster", () => {
  const first = nextProbe(settings, state({ confirmedAtSeconds: 0 }), sample(), true, NOW);
  expect(first.confirmedAtSeconds).toBe(NOW - 25);
  const faster = nextProbe(settings, state({ confirmedAtSeconds: NOW - 1 }), sample({ seconds: 0.05 }), true, NOW);
  expect(faster.confirmedAtSeconds).toBe(NOW - 25);
  const due = nextProbe(settings, state({ confirmedAtSeconds: NOW - 28 }), sample({ seconds: 0.05 }), true, NOW);
  expect(due.confirmedAtSeconds).toBe(NOW - 28);
});

test("a clock that was set back ends a probe and begins to count anew", () => {
  for (const probe of ["drain", "measure", "none"] as const) {
    const back = nextProbe(settings, state({ probe, confirmedAtSeconds: NOW + 3600 }), sample(), true, NOW);
    expect(back).toMatchObject({ probe: "none", confirmedAtSeconds: NOW });
  }
});
