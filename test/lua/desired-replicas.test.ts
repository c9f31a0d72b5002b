import fc from "fast-check";
import { desiredReplicas, firstScalingState, type ScalingRule } from "../../plugins/_core/desired-replicas.ts";
import { histogramQuantile } from "../../plugins/_core/histogram-quantile.ts";
import { withValue } from "../../plugins/_core/window-extreme.ts";
import { differential } from "../harness/differential.ts";

const count = fc.integer({ min: 0, max: 1000 });
const dated = fc.record({ value: fc.integer({ min: 0, max: 20 }), atSeconds: fc.integer({ min: 0, max: 100 }) });

differential("histogramQuantile", {
  module: "autoscale.core.histogram-quantile",
  ts: histogramQuantile,
  cases: { "nothing seen": [0.5, [1], [0, 0]], "above the last bound": [0.9, [1], [0, 4]] },
  arbitrary: fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constant([0.1, 0.5, 1]), fc.array(count)),
});

differential("withValue", {
  module: "autoscale.core.window-extreme",
  ts: withValue,
  arbitrary: fc.tuple(
    fc.array(dated, { maxLength: 10 }),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 0, max: 50 }),
    fc.boolean(),
  ),
});

const rule: fc.Arbitrary<ScalingRule> = fc.record({
  per: fc.constantFrom<"total" | "each">("total", "each"),
  target: fc.double({ min: 0.001, max: 1000, noNaN: true }),
  min: fc.integer({ min: 0, max: 3 }),
  max: fc.integer({ min: 3, max: 50 }),
  tolerance: fc.double({ min: 0, max: 0.5, noNaN: true }),
  upStabilizationSeconds: fc.integer({ min: 0, max: 60 }),
  downStabilizationSeconds: fc.integer({ min: 0, max: 300 }),
  cooldownSeconds: fc.integer({ min: 0, max: 60 }),
});

differential("desiredReplicas", {
  module: "autoscale.core.desired-replicas",
  ts: desiredReplicas,
  cases: {
    "the metric is not known": [
      {
        per: "total",
        target: 10,
        min: 1,
        max: 9,
        tolerance: 0.1,
        upStabilizationSeconds: 0,
        downStabilizationSeconds: 0,
        cooldownSeconds: 0,
      },
      firstScalingState(),
      undefined,
      3,
      100,
    ],
  },
  arbitrary: fc.tuple(
    rule,
    fc.record({
      desired: fc.integer({ min: 0, max: 60 }),
      changedAtSeconds: fc.integer({ min: 0, max: 100 }),
      direction: fc.constantFrom(-1, 0, 1),
      lowest: fc.array(dated, { maxLength: 5 }),
      highest: fc.array(dated, { maxLength: 5 }),
    }),
    fc.double({ min: 0, max: 10000, noNaN: true }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 0, max: 200 }),
  ),
});
