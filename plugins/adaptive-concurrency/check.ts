import type { Config } from "./config.ts";

/** Cross-field rules: a sentence saying what is wrong and how to mend it, or undefined. */
export function check(config: Config): string | undefined {
  const limit = config.limit;
  if (limit.min > limit.max) {
    return "limit.min is above limit.max: raise limit.max or lower limit.min";
  }
  if (limit.initial < limit.min || limit.initial > limit.max) {
    return "limit.initial is not between limit.min and limit.max: move it there";
  }
  if (config.priorities.shares[config.priorities.default] === undefined) {
    return `priorities.default is "${config.priorities.default}", which priorities.shares does not have: name one that is there`;
  }
  return undefined;
}
