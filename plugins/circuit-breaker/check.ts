import { parseStatusRange } from "../_core/status-set.ts";
import type { Config } from "./config.ts";

/** Cross-field rules: a sentence saying what is wrong and how to mend it, or undefined. */
export function check(config: Config): string | undefined {
  const window = config.window;
  if (window.type === "count" && config.minimum_calls > window.calls) {
    return "minimum_calls is above window.calls, so the breaker could never trip: lower minimum_calls or raise window.calls";
  }
  if (config.open.seconds > config.open.max_seconds) {
    return "open.seconds is above open.max_seconds: raise open.max_seconds";
  }
  const fallback = config.fallback;
  if (fallback.redirect !== undefined && fallback.upstream !== undefined) {
    return "fallback has both redirect and upstream: keep one of them";
  }
  for (const status of config.failure_statuses) {
    if (parseStatusRange(status) === undefined) {
      return `failure_statuses has "${status}": write one status ("503") or a rising range ("500-599")`;
    }
  }
  return undefined;
}
