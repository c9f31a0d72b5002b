import fc from "fast-check";
import { samplePressure, smoothPressure } from "../../plugins/_core/pressure.ts";
import { differential } from "../harness/differential.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

differential("samplePressure", {
  module: "autoscale.core.pressure",
  ts: samplePressure,
  cases: { idle: [0, 0], "at the lower border": [0.6, 0], saturated: [1, 0], "late loop": [0, 1], both: [0.75, 0.125] },
  arbitrary: fc.tuple(finite, finite),
  runs: 5000,
});

differential("smoothPressure", {
  module: "autoscale.core.pressure",
  ts: smoothPressure,
  arbitrary: fc.tuple(finite, finite),
});
