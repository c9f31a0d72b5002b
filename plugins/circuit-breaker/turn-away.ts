import type { Context } from "../_kit/context.ts";
import type { Decision } from "../_kit/decision.ts";
import { rejectionAfter, type Rejection } from "./rejection.ts";
import type { Settings } from "./settings.ts";

/** What a request remembers that was sent to the fallback upstream: its outcome says nothing about its own. */
const SENT_ELSEWHERE = "elsewhere";

/** Turns a request away, or in shadow mode only counts that it would have been. */
function turnAway(
  settings: Settings,
  rejection: Rejection,
  context: Context,
  waitSeconds: number,
): Decision | undefined {
  if (settings.host.shadow) {
    settings.store.incr(`${settings.prefix}would_reject`, 1, 0, 0);
    return undefined;
  }
  settings.store.incr(`${settings.prefix}rejected`, 1, 0, 0);
  const decision = rejectionAfter(rejection, waitSeconds);
  if (decision.kind === "route") {
    settings.marked += 1;
    context.remember(settings.mark, SENT_ELSEWHERE);
  }
  return decision;
}

export { SENT_ELSEWHERE, turnAway };
