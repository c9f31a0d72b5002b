/**
 * The RateLimit fields of draft-ietf-httpapi-ratelimit-headers-10
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/): lists of structured fields (RFC 9651), one member for
 * each policy, with whole numbers as their parameters. What is left is rounded down, times are rounded up.
 */
import { integerText } from "../text.ts";
import { numberText } from "./number-text.ts";

/** Forgiven when something is rounded down: what doubles lost. */
const SLACK = 1e-6;

/**
 * A member of RateLimit-Policy: quota and window. Windows of whole seconds are all that can be said: one that is none is told with
 * the next longer one and so much more of the quota, a quota below 1 with a longer window.
 * @param name of characters that need no escape in a string
 */
function policyMember(name: string, limit: number, windowSeconds: number): string {
  let seconds = Math.ceil(windowSeconds);
  let quota = Math.floor((limit * seconds) / windowSeconds + SLACK);
  if (quota < 1) {
    quota = 1;
    seconds = Math.ceil(windowSeconds / limit);
  }
  return `"${name}";q=${integerText(quota)};w=${integerText(seconds)}`;
}

/** What is left, as a whole number. */
function wholeRemaining(remaining: number): number {
  return Math.floor(remaining + SLACK);
}

/** Seconds until a time, as a whole number. */
function wholeSeconds(seconds: number): number {
  const whole = Math.ceil(seconds - SLACK);
  // LuaJIT writes the -0 that may come of it as it is.
  return whole > 0 ? whole : 0;
}

/** A member of RateLimit: what is left, and in how many seconds it is the whole quota again. @param head `"name";r=` */
function limitMember(head: string, remaining: number, resetSeconds: number): string {
  const left = numberText(wholeRemaining(remaining));
  return `${head}${left};t=${numberText(wholeSeconds(resetSeconds))}`;
}

export { limitMember, policyMember, wholeRemaining, wholeSeconds };
