/** The control loop of adaptive-rate-limit in simulated time, and loads for it. */
import { firstShare, nextShare, type ShareRule, type ShareState } from "../../plugins/_core/limit/adaptive-share.ts";
import { nextSignal, verdictOf, type SignalState, type Verdict } from "../../plugins/_core/limit/stress-signal.ts";

/** As the plugin's defaults. */
export const DEFAULT_RULE: ShareRule = { floor: 0.1, decrease: 0.8, increase: 0.05, holdSeconds: 10 };

/** What is measured in an interval, divided by its threshold, with the share that was in force; undefined: nothing. */
export type Load = (second: number, share: number) => number | undefined;

export interface LoopStep {
  readonly second: number;
  readonly sample: number | undefined;
  readonly verdict: Verdict;
  readonly ratio: number | undefined;
  readonly state: ShareState;
}

export const STALE_SECONDS = 60;
/** Any time: what matters is that it is no small number. */
export const EPOCH = 1_700_000_000;

/** One step a second. */
export function runLoop(load: Load, seconds: number, rule: ShareRule = DEFAULT_RULE): LoopStep[] {
  const steps: LoopStep[] = [];
  let state = firstShare();
  let signal: SignalState | undefined;
  for (let second = 0; second < seconds; second++) {
    const sample = load(second, state.share);
    signal = nextSignal(signal, sample, EPOCH + second, STALE_SECONDS);
    const verdict = signal === undefined ? "calm" : verdictOf(signal, sample !== undefined);
    state = nextShare(state, verdict, rule, EPOCH + second);
    steps.push({ second, sample, verdict, ratio: signal?.ratio, state });
  }
  return steps;
}

/** How often the share turned from falling to rising or back. */
export function turns(steps: readonly LoopStep[]): number {
  let before = 0;
  let count = 0;
  for (const [index, { state }] of steps.entries()) {
    const direction = Math.sign(state.share - (steps[index - 1]?.state.share ?? 1));
    if (direction !== 0 && direction !== before) {
      count += before === 0 ? 0 : 1;
      before = direction;
    }
  }
  return count;
}

/** Numbers in [0, 1) that are the same in each run (Numerical Recipes). */
export function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** About normal: the sum of twelve. */
function noise(next: () => number): number {
  let sum = -6;
  for (let n = 0; n < 12; n++) sum += next();
  return sum;
}

export const step =
  (from: number, to: number, level = 1.5): Load =>
  (second) =>
    second >= from && second < to ? level : 0.3;

export const noisy = (mean: number, deviation: number, seed = 1): Load => {
  const next = randoms(seed);
  return () => Math.max(0, mean + deviation * noise(next));
};

export const ramp =
  (perSecond: number): Load =>
  (second) =>
    second * perSecond;

export const sawtooth =
  (period: number, top = 1.6): Load =>
  (second) =>
    ((second % period) / period) * top;

/**
 * A gateway whose load is what it lets through: a queue in front of a server, whose latency is the signal. Clients send
 * `offered` times what the server can do in a second; what the share lets through waits in the queue, and what is measured is as old
 * as the answer took.
 * @param threshold in seconds of waiting
 */
export function queueing(offered: (second: number) => number, threshold = 0.5): Load {
  let queue = 0;
  return (second, share) => {
    queue = Math.max(0, queue + offered(second) * share - 1);
    return (0.1 + queue) / threshold;
  };
}
