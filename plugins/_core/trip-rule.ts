/** Which rule is broken: too many failures, too many slow calls, or none. Failures are named first. */
type Trip = "failures" | "slow_calls" | undefined;

/**
 * Whether calls broke a threshold: once there are `minimumCalls`, a rate at or above its threshold does
 * (resilience4j's rule).
 * @param failurePercent above 0: without a failure nothing trips
 * @param slowPercent above 0
 */
function tripOf(
  calls: number,
  failures: number,
  slow: number,
  minimumCalls: number,
  failurePercent: number,
  slowPercent: number,
): Trip {
  if (calls < minimumCalls || calls === 0) {
    return undefined;
  }
  if (failures * 100 >= calls * failurePercent) {
    return "failures";
  }
  if (slow * 100 >= calls * slowPercent) {
    return "slow_calls";
  }
  return undefined;
}

/** What probes decide: open again, close, or wait for more. */
type Verdict = "open" | "close" | "wait";

/**
 * Judges the probes of a half-open breaker. It opens early when the failures already seen would break the
 * threshold even if all the other probes of the budget went well.
 * @param budget how many probes decide
 */
function judgeProbes(
  completed: number,
  failures: number,
  slow: number,
  budget: number,
  failurePercent: number,
  slowPercent: number,
): Verdict {
  const calls = completed > budget ? completed : budget;
  if (tripOf(calls, failures, slow, 1, failurePercent, slowPercent) !== undefined) {
    return "open";
  }
  return completed >= budget ? "close" : "wait";
}

/** Whether a probe may go: its own lease is already among those in flight. */
function mayProbe(inFlight: number, completed: number, budget: number): boolean {
  return inFlight + completed <= budget;
}

export { judgeProbes, mayProbe, tripOf };
export type { Trip, Verdict };
