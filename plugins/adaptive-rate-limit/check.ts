import type { Config } from "./config.ts";

/** Cross-field rules: a sentence saying what is wrong and how to mend it, or undefined. */
export function check(config: Config): string | undefined {
  for (const policy of config.also) {
    if (policy.name === config.name) {
      return `two policies are called "${policy.name}": give each a name of its own`;
    }
  }
  return undefined;
}
