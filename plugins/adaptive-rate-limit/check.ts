import type { Config, PolicyConfig } from "./config.ts";
import { wrongPolicy } from "./check-policy.ts";
import { wrongRedisUrl } from "./redis/redis-url.ts";

/** Two policies of one route that would be one: in headers and metrics, or in the store. */
function wrongPair(one: PolicyConfig, other: PolicyConfig): string | undefined {
  if (one.name === other.name) {
    return `two policies are called "${one.name}": give each a name of its own`;
  }
  if (one.shared !== undefined && one.shared === other.shared) {
    return `the policies "${one.name}" and "${other.name}" share the limit "${one.shared}", so requests would count twice: give them limits of their own`;
  }
  return undefined;
}

/** Cross-field rules: a sentence saying what is wrong and how to mend it, or undefined. */
export function check(config: Config): string | undefined {
  const policies: PolicyConfig[] = [config];
  for (const policy of config.also) {
    for (const before of policies) {
      const wrong = wrongPair(policy, before);
      if (wrong !== undefined) {
        return wrong;
      }
    }
    policies.push(policy);
  }
  for (const policy of policies) {
    const wrong = wrongPolicy(policy);
    if (wrong !== undefined) {
      return wrong;
    }
  }
  const redis = config.store.redis;
  return redis === undefined ? undefined : wrongRedisUrl(redis.url);
}
