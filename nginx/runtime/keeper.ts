import type { Store } from "../../plugins/_kit/ports.ts";
import { keeperClaim, LOOK_SECONDS } from "./keeper-claim.ts";
import { atExit } from "./worker-exit.ts";
import { timerScope } from "./worker-timer.ts";

/** Takes part in the election of this node's keeper; the function it returns tells whether this worker is the one. */
export function startKeeper(store: Store): (this: void) => boolean {
  const claim = keeperClaim(store, ngx.worker.pid());
  claim.look();
  timerScope().timer.every(LOOK_SECONDS, claim.look);
  // A reload need not wait for the claim to run out.
  atExit(claim.end);
  return claim.holds;
}
