import { withoutFirst } from "../_core/byte-cut.ts";
import { parseDigits } from "../_core/text.ts";
import type { PolicyConfig, TiersConfig } from "./config.ts";

function figure(value: number): string {
  const text = String(value);
  return text;
}

function wrongTiers(name: string, tiers: TiersConfig): string | undefined {
  if (tiers.limits[tiers.default] === undefined) {
    return `tiers.default of the policy "${name}" is "${tiers.default}", which tiers.limits does not have: name one of its tiers`;
  }
  for (const tier in tiers.floors) {
    if (tiers.limits[tier] === undefined) {
      return `tiers.floors of the policy "${name}" has "${tier}", which tiers.limits does not have: name tiers that are there`;
    }
  }
  return undefined;
}

/** path:N is the Nth part of the path. */
function wrongKey(name: string, key: readonly string[]): string | undefined {
  for (const source of key) {
    if (source.indexOf("path:") === 0) {
      const wanted = parseDigits(withoutFirst(source, 5));
      if (wanted === undefined || wanted < 1) {
        return `key of the policy "${name}" has "${source}": write the number of the part of the path between slashes, from path:1 on`;
      }
    }
  }
  return undefined;
}

/** A limit too small for one request shuts everybody out. @param what e.g. `limit` */
function wrongLimit(policy: PolicyConfig, what: string, limit: number): string | undefined {
  const { name, algorithm, cost } = policy;
  if (algorithm !== "gcra") {
    return limit < cost
      ? `no request could pass the policy "${name}": a request costs ${figure(cost)}, and ${what} is ${figure(limit)} - raise it, with window_seconds`
      : undefined;
  }
  const most = policy.burst ?? (limit > 10 ? limit / 10 : 1);
  return most < cost
    ? `no request could pass the policy "${name}": a request costs ${figure(cost)}, and burst is ${figure(most)} - write a burst of at least ${figure(cost)}`
    : undefined;
}

/** What is wrong within one policy. */
export function wrongPolicy(policy: PolicyConfig): string | undefined {
  const { name, algorithm, burst, tiers } = policy;
  if (burst !== undefined && algorithm !== "gcra") {
    return `burst of the policy "${name}" means something with algorithm: gcra only: remove it, or the algorithm "${algorithm}"`;
  }
  let wrong = wrongKey(name, policy.key) ?? wrongLimit(policy, "limit", policy.limit);
  if (tiers !== undefined) {
    wrong = wrong ?? wrongTiers(name, tiers);
    for (const tier in tiers.limits) {
      wrong = wrong ?? wrongLimit(policy, `tiers.limits.${tier}`, tiers.limits[tier] ?? policy.limit);
    }
  }
  return wrong;
}
