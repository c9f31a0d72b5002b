import { policyMember } from "../_core/limit/limit-fields.ts";
import { sharedBurst, sharedLimit } from "../_core/limit/quota-share.ts";
import type { Adaptation } from "./adaptation.ts";
import type { PolicyConfig } from "./config.ts";
import type { Quota } from "./limiter.ts";

/** A quota, and how it is told to clients. */
export interface Grant {
  readonly quota: Quota;
  /** The policy's member of RateLimit-Policy. */
  readonly member: string;
}

/** A plan of clients, with what it grants now. */
export interface Tier {
  /** "default" where the policy has no tiers. */
  readonly name: string;
  /** As configured, before stress takes of it. */
  readonly limit: number;
  readonly floor: number;
  calm: Grant;
  /** To clients far above what they are used to. */
  surging: Grant;
}

/** In the order of their names; `first` for a policy without tiers. */
export interface Tiers {
  readonly all: readonly Tier[];
  readonly first: Tier;
}

/** A request is never too large for what is left of a quota, unless it says itself that it costs more than others. */
function leastOf({ cost }: PolicyConfig): number {
  return cost > 1 ? cost : 1;
}

/** @param replicas how many gateways have the state in parts; 1 where they share it */
function grantOf(config: PolicyConfig, limit: number, share: number, replicas: number): Grant {
  const least = leastOf(config);
  const windowSeconds = config.window_seconds;
  const quota = {
    limit: sharedLimit(limit, share, replicas, least),
    windowSeconds,
    burst: sharedBurst(config.burst, limit, share, replicas, least),
  };
  return { quota, member: policyMember(config.name, quota.limit, windowSeconds) };
}

function newTier(config: PolicyConfig, name: string, limit: number, floor: number): Tier {
  const whole = grantOf(config, limit, 1, 1);
  return { name, limit, floor, calm: whole, surging: whole };
}

/** @param floor of tiers that have none of their own */
export function newTiers(config: PolicyConfig, floor: number): Tiers {
  const first = newTier(config, "default", config.limit, floor);
  const tiers = config.tiers;
  if (tiers === undefined) {
    return { all: [first], first };
  }
  const all: Tier[] = [];
  for (const name in tiers.limits) {
    all.push(newTier(config, name, tiers.limits[name] ?? config.limit, tiers.floors[name] ?? floor));
  }
  return { all, first };
}

/** Computes anew what a tier grants. @param replicas how many gateways have the state in parts */
export function regrant(config: PolicyConfig, tier: Tier, adaptation: Adaptation, replicas: number): void {
  tier.calm = grantOf(config, tier.limit, adaptation.shareOf(tier.floor, false), replicas);
  tier.surging = grantOf(config, tier.limit, adaptation.shareOf(tier.floor, true), replicas);
}
