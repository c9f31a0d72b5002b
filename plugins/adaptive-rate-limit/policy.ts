import type { Context } from "../_kit/context.ts";
import { clientKey, type ClientKey } from "./client-key.ts";
import type { PolicyConfig } from "./config.ts";
import type { Limiter } from "./limiter.ts";
import { costReader } from "./request-cost.ts";
import type { Tally } from "./tally.ts";
import { tierReader } from "./tier-reader.ts";
import { newTiers, type Tier } from "./tiers.ts";

/** One limit at work on a route. */
export interface Policy {
  readonly config: PolicyConfig;
  readonly limiter: Limiter;
  readonly keyOf: ClientKey;
  /** What each request costs where `costOf` is absent. */
  readonly cost: number;
  readonly costOf: ((this: void, context: Context) => number) | undefined;
  readonly tiers: readonly Tier[];
  /** The tier of requests that have none. */
  readonly tier: Tier;
  readonly tierOf: ((this: void, context: Context) => Tier) | undefined;
  /** Begins the policy's member of RateLimit. */
  readonly head: string;
  readonly tally: Tally;
  /** What was told last, and of what: most clients stand alike, and a text is dearer than a look. */
  told: string;
  toldRemaining: number;
  toldSeconds: number;
}

/**
 * Begins the keys of a policy. The last slash of a route's own ends the route's name, for a policy's has none: no two are alike.
 */
export function keyPrefix(config: PolicyConfig, route: string): string {
  return config.shared === undefined ? `r${route}/${config.name}` : `s${config.shared}`;
}

function tierFinder(by: string, tiers: readonly Tier[], otherwise: Tier): (this: void, context: Context) => Tier {
  const byName: Record<string, Tier | undefined> = {};
  for (const tier of tiers) {
    byName[tier.name] = tier;
  }
  const read = tierReader(by);
  return (context) => {
    const name = read(context);
    return name === undefined ? otherwise : (byName[name] ?? otherwise);
  };
}

/** @param floor of tiers that have none of their own */
export function newPolicy(config: PolicyConfig, route: string, floor: number, limiter: Limiter, tally: Tally): Policy {
  const tiers = newTiers(config, floor);
  let tier = tiers.first;
  for (const one of tiers.all) {
    if (one.name === config.tiers?.default) {
      tier = one;
    }
  }
  return {
    config,
    limiter,
    keyOf: clientKey(keyPrefix(config, route), config.key, route),
    cost: config.cost,
    costOf: costReader(config.cost, config.cost_from),
    tiers: tiers.all,
    tier,
    tierOf: config.tiers === undefined ? undefined : tierFinder(config.tiers.by, tiers.all, tier),
    head: `"${config.name}";r=`,
    tally,
    told: "",
    toldRemaining: -1,
    toldSeconds: -1,
  };
}
