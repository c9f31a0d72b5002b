/** What time alone changes of peers' conditions; between `begin` and `end` of the changes, in the keeper. */
import { calmerCount } from "../../_core/health/ejection.ts";
import { conditionOf, ejectionOf, isEjected, verdictOf } from "../../_core/health/peer-condition.ts";
import type { ConditionChanges } from "./condition-changes.ts";
import type { PeerRoster } from "./peer-roster.ts";
import type { SharedConditions } from "./shared-conditions.ts";

/** @noSelf */
export interface ConditionUpkeep {
  /** Tells of those whose ejection is over; workers let them back by themselves, at that moment. */
  letBack(nowSeconds: number): void;
  /** Once an interval: what is ejected for longer and longer gets back to short times while it does well. */
  calm(nowSeconds: number, intervalSeconds: number): void;
  /** Drops what is known of peers that have left a minute ago: one that comes back sooner goes on where it was. */
  forget(nowSeconds: number): void;
}

interface UpkeepParts {
  readonly shared: SharedConditions;
  readonly roster: PeerRoster;
  readonly changes: ConditionChanges;
  readonly longestSeconds: number;
}

const FORGOTTEN_SECONDS = 60;

export function conditionUpkeep({ shared, roster, changes, longestSeconds }: UpkeepParts): ConditionUpkeep {
  /** Since when peers are gone, as this worker saw it. */
  let goneSince: Record<string, number | undefined> = {};

  return {
    letBack: (now) => {
      const all = shared.all();
      for (const key in all) {
        const condition = all[key];
        const ejection = ejectionOf(condition);
        if (ejection.untilSeconds > 0 && !isEjected(ejection, now, longestSeconds)) {
          const { count } = ejection;
          const returned = { untilSeconds: 0, count, returnedSeconds: now, note: "" };
          changes.make(key, conditionOf(verdictOf(condition), returned), {
            from: "ejected",
            to: "returned",
            reason: "its time is up",
            inputs: { ejections: count },
            startsAnew: true,
          });
        }
      }
    },
    calm: (now, intervalSeconds) => {
      const all = shared.all();
      for (const key in all) {
        const condition = all[key];
        const { untilSeconds, count, returnedSeconds, note } = ejectionOf(condition);
        const calmer = calmerCount(count, returnedSeconds, now, intervalSeconds);
        if (untilSeconds === 0 && calmer !== count) {
          const ejection = { untilSeconds, count: calmer, returnedSeconds, note };
          changes.makeQuietly(key, conditionOf(verdictOf(condition), ejection));
        }
      }
    },
    forget: (now) => {
      const before = goneSince;
      goneSince = {};
      const all = shared.all();
      for (const key in all) {
        if (all[key] !== undefined && roster.find(key) === undefined) {
          const since = before[key] ?? now;
          if (now - since >= FORGOTTEN_SECONDS) {
            changes.makeQuietly(key, undefined);
          } else {
            goneSince[key] = since < now ? since : now;
          }
        }
      }
    },
  };
}
