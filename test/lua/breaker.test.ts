import fc from "fast-check";
import { adaptedThreshold, type Criticality } from "../../plugins/_core/adapted-threshold.ts";
import { openEnded, parseState, stateText, type Kind } from "../../plugins/_core/breaker-state.ts";
import { newCountWindow, observeCount, rebaseCountWindow } from "../../plugins/_core/count-window.ts";
import { openSeconds } from "../../plugins/_core/open-time.ts";
import { callsOf, failuresOf, packCounts, slowOf } from "../../plugins/_core/packed-counts.ts";
import { recoveryShare } from "../../plugins/_core/recovery-share.ts";
import { parseStatusRange, statusSet } from "../../plugins/_core/status-set.ts";
import { parseDigits, plainField } from "../../plugins/_core/text.ts";
import { advanceTimeWindow, correctTimeWindow, newTimeWindow } from "../../plugins/_core/time-window.ts";
import { judgeProbes, tripOf } from "../../plugins/_core/trip-rule.ts";
import { differential } from "../harness/differential.ts";

const count = fc.integer({ min: 0, max: 131_071 });
const packed = fc.tuple(count, count, count).map((counts) => packCounts(...counts));
const percent = fc.double({ min: 0.001, max: 100, noNaN: true });
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const ascii = fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code)) });
const seconds = fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => ms / 1000);

const counts = "autoscale.core.packed-counts";
differential("packCounts", { module: counts, ts: packCounts, arbitrary: fc.tuple(count, count, count) });
for (const ts of [callsOf, failuresOf, slowOf])
  differential(ts.name, { module: counts, ts, arbitrary: fc.tuple(packed) });

differential("openSeconds", {
  module: "autoscale.core.open-time",
  ts: openSeconds,
  cases: { "a long row": [5000, 1, 1.5, 300, 0.1, 0.25], "no growth": [1e9, 30, 1, 300, 0, 0.5] },
  arbitrary: fc.tuple(
    fc.integer({ min: 1, max: 500 }),
    fc.double({ min: 0.1, max: 100, noNaN: true }),
    fc.double({ min: 1, max: 100, noNaN: true }),
    fc.double({ min: 100, max: 86_400, noNaN: true }),
    fc.double({ min: 0, max: 0.9, noNaN: true }),
    share,
  ),
});

differential("adaptedThreshold", {
  module: "autoscale.core.adapted-threshold",
  ts: adaptedThreshold,
  cases: { "no number": [50, "normal", NaN], "far above": [50, "low", Infinity] },
  arbitrary: fc.tuple(percent, fc.constantFrom<Criticality>("low", "normal", "high"), finite),
});

differential("recoveryShare", {
  module: "autoscale.core.recovery-share",
  ts: recoveryShare,
  cases: { "no recovery": [0, 0] },
  arbitrary: fc.tuple(finite, fc.double({ min: 0.001, max: 3600, noNaN: true })),
});

const rules = "autoscale.core.trip-rule";
differential("tripOf", {
  module: rules,
  ts: tripOf,
  arbitrary: fc.tuple(count, count, count, count, percent, percent),
});
differential("judgeProbes", {
  module: rules,
  ts: judgeProbes,
  arbitrary: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 20 }), percent, percent),
});

const texts = "autoscale.core.text";
differential("parseDigits", {
  module: texts,
  ts: parseDigits,
  cases: { "2^53": ["9007199254740992"], empty: [""], "a colon": ["1:"] },
  arbitrary: fc.tuple(fc.oneof(fc.nat().map(String), ascii)),
});
differential("plainField", { module: texts, ts: plainField, arbitrary: fc.tuple(ascii) });

const statuses = "autoscale.core.status-set";
differential("parseStatusRange", {
  module: statuses,
  ts: parseStatusRange,
  cases: { one: ["503"], range: ["500-599"], backwards: ["599-500"], short: ["5-7"], empty: [""] },
  arbitrary: fc.tuple(fc.oneof(ascii, fc.stringMatching(/^[0-9]{3}-[0-9]{3}$/))),
});
differential("statusSet", { module: statuses, ts: statusSet, cases: { some: [["500-599", "429", "x"]], none: [[]] } });

const states = "autoscale.core.breaker-state";
const kind = fc.constantFrom<Kind>("open", "forced_open", "forced_closed");
const state = fc.tuple(kind, fc.nat(), fc.nat(), seconds, seconds, ascii);
differential("stateText", { module: states, ts: stateText, arbitrary: state });
differential("parseState", {
  module: states,
  ts: parseState,
  cases: { absent: [undefined], closed: [3 * 2 ** 26 + 5], "not ours": [true], half: ["open|1|2"] },
  arbitrary: fc.tuple(
    fc.oneof(
      state.map((parts) => stateText(...parts)),
      ascii,
      fc.nat(),
      fc.maxSafeNat(),
    ),
  ),
});
differential("openEnded", { module: states, ts: openEnded, arbitrary: fc.tuple(seconds, seconds, seconds) });

const START = 1_700_000_000;
const timeWindow = fc
  .tuple(
    fc.constantFrom(1, 2.5, 10, 12.5),
    fc.array(fc.tuple(fc.integer({ min: -20, max: 3 }), packed), { maxLength: 20 }),
  )
  .map(([length, corrections]) => {
    const window = newTimeWindow(length, START);
    for (const [offset, value] of corrections) correctTimeWindow(window, window.slot + offset, value);
    return window;
  });
const time = "autoscale.core.time-window";
differential("newTimeWindow", {
  module: time,
  ts: newTimeWindow,
  arbitrary: fc.tuple(fc.constantFrom(1, 3.3, 10, 60), seconds),
});
differential("advanceTimeWindow", {
  module: time,
  ts: advanceTimeWindow,
  mutates: true,
  arbitrary: fc.tuple(
    timeWindow,
    fc.double({ min: -5, max: 15, noNaN: true }).map((step) => START + step),
  ),
});
differential("correctTimeWindow", {
  module: time,
  ts: correctTimeWindow,
  mutates: true,
  arbitrary: fc.tuple(timeWindow, fc.integer({ min: START - 20, max: START + 2 }), packed),
});

const calls = fc.array(fc.nat(40), { maxLength: 60 });
const countWindow = fc.tuple(fc.integer({ min: 1, max: 200 }), calls).map(([span, steps]) => {
  const window = newCountWindow(span, 0);
  let total = 0;
  for (const step of steps) observeCount(window, (total += step));
  return window;
});
const counted = "autoscale.core.count-window";
differential("newCountWindow", {
  module: counted,
  ts: newCountWindow,
  arbitrary: fc.tuple(fc.integer({ min: 1, max: 10_000 }), packed),
});
differential("observeCount", {
  module: counted,
  ts: observeCount,
  mutates: true,
  arbitrary: fc.tuple(countWindow, packed),
});
differential("rebaseCountWindow", {
  module: counted,
  ts: rebaseCountWindow,
  mutates: true,
  arbitrary: fc.tuple(countWindow),
});
