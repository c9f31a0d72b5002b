import fc from "fast-check";
import { parseAgentWords } from "../../plugins/_core/balance/agent-word.ts";
import { pickBounded } from "../../plugins/_core/balance/bounded-hash.ts";
import { decimalPrefix } from "../../plugins/_core/balance/decimal-prefix.ts";
import { hashText, mixHash } from "../../plugins/_core/balance/hash-text.ts";
import { levelOf, levelThresholds, panics } from "../../plugins/_core/balance/level-loads.ts";
import {
  isFresh,
  jsonOfLoadReport,
  loadReportOf,
  loadWeight,
  parseLoadReport,
} from "../../plugins/_core/balance/load-report.ts";
import {
  knownLatencies,
  latencyCost,
  meanLatency,
  meanWithOneMore,
  observeLatency,
} from "../../plugins/_core/balance/peak-ewma.ts";
import { createRetryBudget, deposit, withdraw } from "../../plugins/_core/balance/retry-budget.ts";
import { slowStartFactor } from "../../plugins/_core/balance/slow-start.ts";
import { candidateOf, type TestCandidate } from "../harness/candidates.ts";
import { differential } from "../harness/differential.ts";

/** `exp` and `pow` may differ in their last digits. */
const DIGITS = 12;

const core = (name: string) => `autoscale.core.balance.${name}`;
const ascii = fc.string({ unit: "binary-ascii", maxLength: 120, size: "max" });
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const figure = fc.double({ min: 0, max: 1e6, noNaN: true });
const factor = fc.double({ min: 0.01, max: 100, noNaN: true });
const hash = fc.integer({ min: 0, max: 0xffffffff });

const candidate: fc.Arbitrary<TestCandidate> = fc
  .record({
    id: fc.nat(100),
    available: fc.boolean(),
    weight: factor,
    inFlight: fc.nat(50),
    excludedIn: fc.nat(2),
    latencySeconds: fc.oneof(fc.constantFrom(-1, 0), fc.double({ min: 0, max: 10, noNaN: true })),
    observedAtSeconds: fc.integer({ min: 0, max: 100_000 }).map((ms) => ms / 1000),
  })
  .map(({ id, ...fields }) => candidateOf(id, fields));
const candidates = fc.array(candidate, { maxLength: 12 });
const now = fc.integer({ min: 0, max: 200_000 }).map((ms) => ms / 1000);

differential("hashText", {
  module: core("hash-text"),
  ts: hashText,
  cases: { nothing: [""], "32 bytes": ["x".repeat(32)], "1,000 bytes": ["12345".repeat(200)] },
  arbitrary: fc.tuple(ascii),
  runs: 3000,
});
differential("mixHash", {
  module: core("hash-text"),
  ts: mixHash,
  arbitrary: fc.tuple(hash, fc.nat(2 ** 18)),
  runs: 3000,
});

differential("observeLatency", {
  module: core("peak-ewma"),
  ts: observeLatency,
  mutates: true,
  digits: DIGITS,
  arbitrary: fc.tuple(candidate, figure, now, factor),
});
differential("latencyCost", {
  module: core("peak-ewma"),
  ts: latencyCost,
  digits: DIGITS,
  arbitrary: fc.tuple(candidate, now, factor, share),
});
differential("meanLatency", { module: core("peak-ewma"), ts: meanLatency, arbitrary: fc.tuple(candidates) });
differential("knownLatencies", { module: core("peak-ewma"), ts: knownLatencies, arbitrary: fc.tuple(candidates) });
differential("meanWithOneMore", {
  module: core("peak-ewma"),
  ts: meanWithOneMore,
  arbitrary: fc.tuple(figure, fc.nat(10_000), figure),
});

differential("pickBounded", {
  module: core("bounded-hash"),
  ts: pickBounded<TestCandidate>,
  arbitrary: fc.tuple(
    candidates,
    fc.array(fc.nat(13), { maxLength: 31 }),
    hash,
    fc.nat(2),
    fc.constantFrom(1.25, 2, 100),
    fc.nat(300),
    fc.double({ min: 1, max: 500, noNaN: true }),
  ),
  runs: 3000,
});

differential("slowStartFactor", {
  module: core("slow-start"),
  ts: slowStartFactor,
  digits: DIGITS,
  cases: { "no window": [0, 0, 1], "a clock set back": [-5, 60, 1] },
  arbitrary: fc.tuple(
    fc.double({ min: -200, max: 200, noNaN: true }),
    fc.double({ min: 0, max: 100, noNaN: true }),
    factor,
  ),
});

const weights = fc.array(fc.oneof(figure, fc.constant(0)), { maxLength: 5 });
differential("levelThresholds", {
  module: core("level-loads"),
  ts: levelThresholds,
  arbitrary: fc.tuple(weights, weights),
});
differential("levelOf", {
  module: core("level-loads"),
  ts: levelOf,
  arbitrary: fc.tuple(fc.array(share, { maxLength: 5 }), share),
});
differential("panics", {
  module: core("level-loads"),
  ts: panics,
  arbitrary: fc.tuple(fc.nat(20), fc.nat(20), fc.nat(100)),
});

const budget = fc
  .tuple(fc.nat(100), fc.constantFrom(0, 0.05, 1, 10), fc.double({ min: 0, max: 500, noNaN: true }), now)
  .map(([percent, least, tokens, atSeconds]) => ({ ...createRetryBudget(percent, least), tokens, atSeconds }));
differential("createRetryBudget", {
  module: core("retry-budget"),
  ts: createRetryBudget,
  arbitrary: fc.tuple(figure, figure),
});
for (const ts of [deposit, withdraw]) {
  differential(ts.name, {
    module: core("retry-budget"),
    ts,
    mutates: true,
    digits: DIGITS,
    arbitrary: fc.tuple(budget, now),
  });
}

const numeric = fc.stringMatching(/^[0-9.eE+\-, x]{0,30}$/);
differential("decimalPrefix", {
  module: core("decimal-prefix"),
  ts: decimalPrefix,
  digits: DIGITS,
  cases: { "": [""], tenths: ["0.3"], "many digits": [`0.${"3".repeat(400)}`], huge: ["9".repeat(400)] },
  arbitrary: fc.tuple(fc.oneof(numeric, figure.map(String), ascii)),
  runs: 3000,
});
const fields = fc.constantFrom(
  "cpu_utilization",
  "application_utilization",
  "rps_fractional",
  "eps",
  "named_metrics.eps",
);
const signs = fc.constantFrom("=", ":", " = ", ",", ", ", " ", "0.5", "12", "1e-2", "x");
differential("parseLoadReport", {
  module: core("load-report"),
  ts: parseLoadReport,
  digits: DIGITS,
  cases: {
    usual: ["TEXT cpu_utilization=0.3, mem_utilization=0.8, rps_fractional=10.0, eps=1, named_metrics.x=2"],
    JSON: ["JSON {}"],
  },
  arbitrary: fc.tuple(fc.array(fc.oneof(fields, signs), { maxLength: 30 }).map((parts) => `TEXT ${parts.join("")}`)),
  runs: 2000,
});
differential("jsonOfLoadReport", {
  module: core("load-report"),
  ts: jsonOfLoadReport,
  cases: { JSON: ['JSON {"a":1}'], TEXT: ["TEXT a=1"], "": [""] },
});
differential("loadReportOf", {
  module: core("load-report"),
  ts: loadReportOf,
  arbitrary: fc.tuple(
    fc.dictionary(
      fc.constantFrom("cpu_utilization", "cpuUtilization", "applicationUtilization", "rps_fractional", "eps"),
      fc.oneof(figure, fc.constant("0.5"), fc.constant(-1), fc.boolean()),
    ),
  ),
});
differential("loadWeight", {
  module: core("load-report"),
  ts: loadWeight,
  arbitrary: fc.tuple(fc.record({ utilization: figure, rps: figure, eps: figure }), share),
});
differential("isFresh", {
  module: core("load-report"),
  ts: isFresh,
  arbitrary: fc.tuple(now, now, now, fc.nat(20), fc.nat(200)),
});

const word = fc.constantFrom(
  "up",
  "DOWN",
  "drain",
  "ready",
  "maint",
  "fail",
  "75%",
  "0%",
  "maxconn:30",
  "x%",
  "#",
  "\n",
);
differential("parseAgentWords", {
  module: core("agent-word"),
  ts: parseAgentWords,
  cases: { "": [""], long: [`${"up,".repeat(200)}drain`] },
  arbitrary: fc.tuple(
    fc.oneof(
      fc.array(fc.tuple(word, fc.constantFrom(" ", ",", "\t")), { maxLength: 8 }).map((words) => words.flat().join("")),
      ascii,
    ),
  ),
});
