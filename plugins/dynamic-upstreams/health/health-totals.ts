/** What metrics count: in this worker at first, and each second in shared memory. A killed worker loses that second. */
import type { Store } from "../../_kit/ports.ts";
import type { HealthKeys } from "./health-keys.ts";

/** What ejected a peer. */
export type EjectionKind = "consecutive_errors" | "consecutive_gateway_errors" | "success_rate" | "failure_rate";

export type HealthTotal = EjectionKind | "refused" | "probe_success" | "probe_failure";

/** @noSelf */
export interface HealthTotals {
  count(name: HealthTotal): void;
  flush(): void;
}

export function healthTotals(keys: HealthKeys, store: Store): HealthTotals {
  const counted: Record<string, number | undefined> = {};
  return {
    count: (name) => {
      counted[name] = (counted[name] ?? 0) + 1;
    },
    flush: () => {
      for (const name in counted) {
        const amount = counted[name] ?? 0;
        if (amount > 0) {
          store.incr(keys.total(name), amount, 0, 0);
          counted[name] = 0;
        }
      }
    },
  };
}
