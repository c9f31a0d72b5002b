/**
 * The latency without load that a limit is judged by. Netflix' Gradient2Limit takes a long exponential average of all samples
 * (window 600, the mean of the first 10 while it warms up), which under an overload that lasts rises to the latency of the
 * queue: the limit rises after it. Its VegasLimit takes the least latency, and now and then the present one, whatever the load.
 *
 * Here a sample may raise the average only when there was little load. Under load it may only lower it: the mean under load
 * bounds the mean without from above. What is left are upstreams that become slower while the load lasts, and a gateway that is
 * started under load: for these probe.ts makes a moment of little load.
 *
 * Source: https://github.com/Netflix/concurrency-limits, Gradient2Limit.java, VegasLimit.java, ExpAvgMeasurement.java
 */
import type { LimitSample, LimitState } from "./limit-state.ts";

/** Netflix' `longWindow`, in samples: the average moves by 2 / (n + 1) of the difference. */
const LONG_WINDOW = 600;
const RISE = 2 / (LONG_WINDOW + 1);
/** So many samples are simply averaged. */
const WARM_UP = 10;
/** Down it goes faster. Netflix lowers it by 5 % a sample while it is above twice the latency: at twice, this is the same. */
const FALL = 0.1;

export interface Baseline {
  readonly seconds: number;
  readonly samples: number;
}

/**
 * The baseline after one more sample.
 * @param used the sample was taken under load
 */
export function nextBaseline(state: LimitState, sample: LimitSample, used: boolean): Baseline {
  const { baselineSeconds, baselineSamples } = state;
  const difference = sample.seconds - baselineSeconds;
  if (baselineSamples === 0) {
    return { seconds: sample.seconds, samples: 1 };
  }
  if (difference < 0) {
    const warming = 1 / (baselineSamples + 1);
    const step = warming > FALL ? warming : FALL;
    return { seconds: baselineSeconds + difference * step, samples: countSample(baselineSamples) };
  }
  if (used) {
    return { seconds: baselineSeconds, samples: baselineSamples };
  }
  const step = baselineSamples < WARM_UP ? 1 / (baselineSamples + 1) : RISE;
  return { seconds: baselineSeconds + difference * step, samples: countSample(baselineSamples) };
}

function countSample(samples: number): number {
  return samples < WARM_UP ? samples + 1 : WARM_UP;
}

/** A baseline that was measured by a probe. */
export function measuredBaseline(sample: LimitSample): Baseline {
  return { seconds: sample.seconds, samples: WARM_UP };
}
