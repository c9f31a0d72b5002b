/**
 * What is known of a peer that is not simply well: what probes say and what outlier detection says of it. Neither is ever
 * changed in place, so whoever holds a condition holds what was true at one moment.
 */

/** What the probes of a peer came to. */
interface Verdict {
  readonly unhealthy: boolean;
  /** Its agent asks for no new requests. */
  readonly draining: boolean;
  /** The share of its weight that its agent asks for: above 0, at most 1. */
  readonly share: number;
  /** Why it is unhealthy; "" while it is not. */
  readonly note: string;
}

/** What outlier detection remembers of a peer. */
interface Ejection {
  /** In the clock's seconds; 0 once it is over. */
  readonly untilSeconds: number;
  /** Multiplies the time of the next one; falls again while the peer does well. */
  readonly count: number;
  /** When the last one ended; 0 while none has. */
  readonly returnedSeconds: number;
  /** Why it is ejected; "" once it is over. */
  readonly note: string;
}

interface Condition {
  readonly unhealthy: boolean;
  readonly ejectedUntilSeconds: number;
  readonly ejections: number;
  readonly draining: boolean;
  readonly share: number;
  /** For people. */
  readonly why: string;
  readonly verdict: Verdict;
  readonly ejection: Ejection;
}

const GOOD_VERDICT: Verdict = { unhealthy: false, draining: false, share: 1, note: "" };
const NO_EJECTION: Ejection = { untilSeconds: 0, count: 0, returnedSeconds: 0, note: "" };

/** How far workers' clocks may lie apart: each reads the time once a turn of its event loop. */
const CLOCK_SLACK_SECONDS = 5;

/** @param longestSeconds no ejection lasts longer: one that would was begun before the clock was set back, and is over */
function isEjected(ejection: Ejection, nowSeconds: number, longestSeconds: number): boolean {
  const left = ejection.untilSeconds - nowSeconds;
  return left > 0 && left <= longestSeconds + CLOCK_SLACK_SECONDS;
}

function whyOf(verdict: Verdict, ejection: Ejection): string {
  if (verdict.note !== "" && ejection.note !== "") {
    return `${verdict.note}; ${ejection.note}`;
  }
  if (verdict.note !== "" || ejection.note !== "") {
    return verdict.note + ejection.note;
  }
  if (verdict.draining) {
    return "its agent asks for no new requests";
  }
  return verdict.share < 1 ? "its agent asks for fewer requests" : "was ejected of late";
}

/** Undefined when the peer is well and nothing needs to be remembered of it. */
function conditionOf(verdict: Verdict, ejection: Ejection): Condition | undefined {
  const { unhealthy, draining, share } = verdict;
  if (!unhealthy && !draining && share === 1 && ejection.untilSeconds === 0 && ejection.count === 0) {
    return undefined;
  }
  return {
    unhealthy,
    ejectedUntilSeconds: ejection.untilSeconds,
    ejections: ejection.count,
    draining,
    share,
    why: whyOf(verdict, ejection),
    verdict,
    ejection,
  };
}

function verdictOf(condition: Condition | undefined): Verdict {
  return condition === undefined ? GOOD_VERDICT : condition.verdict;
}

function ejectionOf(condition: Condition | undefined): Ejection {
  return condition === undefined ? NO_EJECTION : condition.ejection;
}

/** One machine for both: a peer takes requests when nothing speaks against it. */
function isUsable(condition: Condition | undefined, nowSeconds: number, longestSeconds: number): boolean {
  if (condition === undefined) {
    return true;
  }
  return !condition.unhealthy && !condition.draining && !isEjected(condition.ejection, nowSeconds, longestSeconds);
}

/** The state in one word; the gravest when there are several. */
function stateWord(condition: Condition | undefined, nowSeconds: number, longestSeconds: number): string {
  if (condition === undefined) {
    return "healthy";
  }
  if (condition.unhealthy) {
    return "unhealthy";
  }
  if (isEjected(condition.ejection, nowSeconds, longestSeconds)) {
    return "ejected";
  }
  return condition.draining ? "draining" : "healthy";
}

export { GOOD_VERDICT, NO_EJECTION, conditionOf, ejectionOf, isEjected, isUsable, stateWord, verdictOf };
export type { Condition, Ejection, Verdict };
