/**
 * How many retries are allowed: some percent of the requests, beside a few each second, so that an outage does not double the
 * load. Each request brings a part of a retry, each retry takes one. What is not used is forgotten in some ten seconds.
 * Source: Finagle, finagle-core/src/main/scala/com/twitter/finagle/service/RetryBudget.scala.
 *
 * Over any time: retries <= percent / 100 · requests + minimum · seconds + what was left before, and that is at most the
 * reserve and `percent / 100` of the requests before it, each counted e^(-age / 10 s).
 */
interface RetryBudget {
  /** Retries that are allowed now. */
  tokens: number;
  atSeconds: number;
  readonly perRequest: number;
  readonly minimumPerSecond: number;
  /** Up to here tokens come with time and stay; what is above it decays. */
  readonly reserve: number;
}

/** Finagle's time to live of deposits. */
const DECAY_SECONDS = 10;

/**
 * @param percent of the requests, 0 or more
 * @param minimumPerSecond so many retries are always allowed; ten seconds' worth of them may come at once
 */
function createRetryBudget(percent: number, minimumPerSecond: number): RetryBudget {
  const worth = minimumPerSecond * DECAY_SECONDS;
  // Less than one retry would never be any.
  const reserve = worth > 0 && worth < 1 ? 1 : worth;
  return { tokens: reserve, atSeconds: 0, perRequest: percent / 100, minimumPerSecond, reserve };
}

/** Lets the time pass since the last call; a clock that was set back starts anew. */
function pass(budget: RetryBudget, nowSeconds: number): void {
  const elapsed = nowSeconds - budget.atSeconds;
  if (elapsed === 0) {
    return;
  }
  budget.atSeconds = nowSeconds;
  if (elapsed < 0) {
    return;
  }
  const { tokens, reserve } = budget;
  if (tokens > reserve) {
    budget.tokens = reserve + (tokens - reserve) * Math.exp(-elapsed / DECAY_SECONDS);
  } else {
    const grown = tokens + elapsed * budget.minimumPerSecond;
    budget.tokens = grown < reserve ? grown : reserve;
  }
}

/** A request came; not called for its retries. */
function deposit(budget: RetryBudget, nowSeconds: number): void {
  pass(budget, nowSeconds);
  budget.tokens += budget.perRequest;
}

/** @returns true when one retry is allowed; it is taken then */
function withdraw(budget: RetryBudget, nowSeconds: number): boolean {
  pass(budget, nowSeconds);
  if (budget.tokens < 1) {
    return false;
  }
  budget.tokens -= 1;
  return true;
}

export { createRetryBudget, deposit, withdraw };
export type { RetryBudget };
