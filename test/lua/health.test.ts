import fc from "fast-check";
import {
  calmerCount,
  ejectionSeconds,
  longestEjection,
  mayEject,
  mostEjected,
  nextCount,
} from "../../plugins/_core/health/ejection.ts";
import { conditionRows, readConditions } from "../../plugins/_core/health/health-text.ts";
import { failedOf, okOf, packInterval } from "../../plugins/_core/health/interval-counts.ts";
import { findOutliers } from "../../plugins/_core/health/outlier-sweep.ts";
import {
  conditionOf,
  isEjected,
  isUsable,
  stateWord,
  type Ejection,
  type Verdict,
} from "../../plugins/_core/health/peer-condition.ts";
import { newProbeState, takeProbe } from "../../plugins/_core/health/probe-state.ts";
import { differential } from "../harness/differential.ts";

const seconds = fc.double({ min: 0.1, max: 86_400, noNaN: true });
const moment = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms / 1000);
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const percent = fc.double({ min: 0, max: 100, noNaN: true });
const count = fc.nat(1000);
const note = fc.constantFrom("", "3 probes failed: timeout", 'a "note"\n');

const ejections = "autoscale.core.health.ejection";
differential("longestEjection", { module: ejections, ts: longestEjection, arbitrary: fc.tuple(seconds, seconds) });
differential("ejectionSeconds", {
  module: ejections,
  ts: ejectionSeconds,
  arbitrary: fc.tuple(seconds, fc.integer({ min: 1, max: 1000 }), seconds, share),
});
differential("nextCount", { module: ejections, ts: nextCount, arbitrary: fc.tuple(count, seconds, seconds) });
differential("calmerCount", {
  module: ejections,
  ts: calmerCount,
  arbitrary: fc.tuple(count, moment, moment, seconds),
});
differential("mostEjected", { module: ejections, ts: mostEjected, arbitrary: fc.tuple(percent, fc.nat(10_000)) });
differential("mayEject", {
  module: ejections,
  ts: mayEject,
  arbitrary: fc.tuple(percent, fc.nat(100), fc.nat(20), fc.boolean()),
});

const counts = "autoscale.core.health.interval-counts";
const packed = fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(2 ** 22 - 1)).map(([ok, failed]) => packInterval(ok, failed));
differential("packInterval", { module: counts, ts: packInterval, arbitrary: fc.tuple(fc.nat(), fc.nat(2 ** 22 - 1)) });
for (const ts of [okOf, failedOf]) differential(ts.name, { module: counts, ts, arbitrary: fc.tuple(packed) });

const sample = fc
  .record({ key: fc.constantFrom("10.0.0.1:80", "10.0.0.2:80"), ok: fc.nat(300), failed: fc.nat(300) })
  .filter(({ ok, failed }) => ok + failed > 0);
differential("findOutliers", {
  module: "autoscale.core.health.outlier-sweep",
  ts: findOutliers,
  arbitrary: fc.tuple(
    fc.array(sample, { maxLength: 40 }),
    fc.record({
      stdevFactor: fc.constantFrom(0, 0.5, 1.9),
      leastPeers: fc.integer({ min: 1, max: 8 }),
      leastRequests: fc.integer({ min: 1, max: 300 }),
      failurePercent: fc.constantFrom(0, 33.3, 85),
      failureRequests: fc.integer({ min: 1, max: 300 }),
    }),
  ),
});

const probes = "autoscale.core.health.probe-state";
differential("newProbeState", { module: probes, ts: newProbeState, arbitrary: fc.tuple(fc.boolean(), fc.boolean()) });
differential("takeProbe", {
  module: probes,
  ts: takeProbe,
  mutates: true,
  arbitrary: fc.tuple(
    fc.record({ unhealthy: fc.boolean(), isNew: fc.boolean(), against: fc.nat(3) }),
    fc.boolean(),
    fc.boolean(),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
  ),
});

const verdict: fc.Arbitrary<Verdict> = fc.record({
  unhealthy: fc.boolean(),
  draining: fc.boolean(),
  share: fc.constantFrom(1, 0.5),
  note,
});
const ejection: fc.Arbitrary<Ejection> = fc.record({
  untilSeconds: fc.oneof(fc.constant(0), moment),
  count: fc.nat(10),
  returnedSeconds: moment,
  note,
});
const conditions = "autoscale.core.health.peer-condition";
const condition = fc.tuple(verdict, ejection).map((parts) => conditionOf(...parts));
const longest = fc.constantFrom(0, 330);
differential("conditionOf", { module: conditions, ts: conditionOf, arbitrary: fc.tuple(verdict, ejection) });
differential("isEjected", { module: conditions, ts: isEjected, arbitrary: fc.tuple(ejection, moment, longest) });
for (const ts of [isUsable, stateWord])
  differential(ts.name, { module: conditions, ts, arbitrary: fc.tuple(condition, moment, longest) });

const texts = "autoscale.core.health.health-text";
const key = fc.constantFrom("10.0.0.1:80", "[::1]:8080", "no port", "", ":1");
// One at a time: the order of a table's keys is Lua's own.
differential("conditionRows", {
  module: texts,
  ts: conditionRows,
  arbitrary: fc.tuple(fc.tuple(key, condition).map(([name, one]) => ({ [name]: one }))),
});
const row = fc.tuple(key, verdict, ejection).map(([name, one, other]) => {
  const { untilSeconds, count: times, returnedSeconds } = other;
  return [name, Number(one.unhealthy), Number(one.draining), one.share, "", untilSeconds, times, returnedSeconds, ""];
});
differential("readConditions", {
  module: texts,
  ts: readConditions,
  cases: { "a number": [1], "a text": ["10.0.0.1:80"], nothing: [undefined], "not a row": [[true, "row", 3]] },
  arbitrary: fc.tuple(fc.array(fc.oneof(row, fc.array(fc.oneof(fc.string(), fc.double(), fc.boolean()))))),
});
