import { limitMember, wholeRemaining, wholeSeconds } from "../_core/limit/limit-fields.ts";
import { numberText } from "../_core/limit/number-text.ts";
import type { Context } from "../_kit/context.ts";
import type { Reject } from "../_kit/decision.ts";
import type { Host } from "../_kit/handlers.ts";
import type { Adaptation } from "./adaptation.ts";
import type { Config } from "./config.ts";
import type { Policy } from "./policy.ts";
import { refusalOf } from "./refusal.ts";
import type { Grant } from "./tiers.ts";

/** What deciding about a request needs, ready. */
export interface Admission {
  readonly config: Config;
  readonly host: Host;
  readonly adaptation: Adaptation;
  readonly policies: readonly Policy[];
  /** Clients are compared with their own past. */
  readonly watchesSurges: boolean;
}

/** In shadow mode: a request that would have been refused, and goes on. */
export const WOULD_REFUSE: Reject = { kind: "reject", status: 200, headers: {}, body: "" };

function tellIetf(context: Context, members: string, limits: string): void {
  context.setResponseHeader("RateLimit-Policy", members);
  context.setResponseHeader("RateLimit", limits);
}

function tellLegacy(context: Context, grant: Grant, remaining: number, resetSeconds: number): void {
  const limit = numberText(wholeRemaining(grant.quota.limit));
  const left = numberText(wholeRemaining(remaining));
  const reset = numberText(wholeSeconds(resetSeconds));
  context.setResponseHeader("X-RateLimit-Limit", limit);
  context.setResponseHeader("X-RateLimit-Remaining", left);
  context.setResponseHeader("X-RateLimit-Reset", reset);
  context.setResponseHeader("RateLimit-Limit", limit);
  context.setResponseHeader("RateLimit-Remaining", left);
  context.setResponseHeader("RateLimit-Reset", reset);
}

/** The policy's member of RateLimit. */
function memberOf(policy: Policy, remaining: number, resetSeconds: number): string {
  const left = wholeRemaining(remaining);
  const seconds = wholeSeconds(resetSeconds);
  if (left !== policy.toldRemaining || seconds !== policy.toldSeconds) {
    policy.toldRemaining = left;
    policy.toldSeconds = seconds;
    policy.told = limitMember(policy.head, left, seconds);
  }
  return policy.told;
}

/**
 * Takes from the policies from `index` on. What belongs to the request is in arguments and locals alone: a limiter may wait for
 * Redis, and meanwhile other requests of this worker come by here.
 * @param members of RateLimit-Policy so far @param limits members of RateLimit so far
 * @param near the policy nearest to its end so far, and how it stands
 * @returns how the request is refused; then nothing is taken of any policy
 */
function takeFrom(
  admission: Admission,
  context: Context,
  now: number,
  index: number,
  members: string,
  limits: string,
  near: Grant | undefined,
  nearRemaining: number,
  nearReset: number,
): Reject | undefined {
  const { config, host, policies } = admission;
  const policy = policies[index];
  if (policy === undefined) {
    return undefined;
  }
  const key = policy.keyOf(context);
  const cost = policy.costOf === undefined ? policy.cost : policy.costOf(context);
  const tier = policy.tierOf === undefined ? policy.tier : policy.tierOf(context);
  const surging = admission.watchesSurges && admission.adaptation.surges(key, cost, now);
  const grant = surging ? tier.surging : tier.calm;
  const limiter = policy.limiter;
  if (!limiter.take(key, grant.quota, cost, now)) {
    policy.tally.refused += 1;
    return host.shadow ? WOULD_REFUSE : refusalOf(config, host.random, policy, grant);
  }
  const { remaining, resetSeconds } = limiter.last;
  let told = "";
  let toldMembers = "";
  if (config.headers === "ietf") {
    const member = memberOf(policy, remaining, resetSeconds);
    told = index === 0 ? member : `${limits}, ${member}`;
    toldMembers = index === 0 ? grant.member : `${members}, ${grant.member}`;
  }
  const nearest = near === undefined || remaining < nearRemaining;
  const nearGrant = nearest ? grant : near;
  const left = nearest ? remaining : nearRemaining;
  const reset = nearest ? resetSeconds : nearReset;
  if (index + 1 < policies.length) {
    const refusal = takeFrom(admission, context, now, index + 1, toldMembers, told, nearGrant, left, reset);
    if (refusal !== undefined) {
      limiter.giveBack(key, grant.quota, cost, now);
      return refusal;
    }
  } else if (!host.shadow) {
    if (config.headers === "ietf") {
      tellIetf(context, toldMembers, told);
    } else if (config.headers === "legacy") {
      tellLegacy(context, nearGrant, left, reset);
    }
  }
  policy.tally.admitted += 1;
  return undefined;
}

/** Takes a request's cost from all policies, or from none; tells the client how it stands. */
export function admit(admission: Admission, context: Context): Reject | undefined {
  const now = admission.host.clock.now();
  const refusal = takeFrom(admission, context, now, 0, "", "", undefined, 0, 0);
  return refusal === WOULD_REFUSE ? undefined : refusal;
}
