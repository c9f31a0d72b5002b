/** Who of the node's workers is the keeper, by a claim in a store that they share. See keeper.ts. */
import type { Store } from "../../plugins/_kit/ports.ts";

const KEY = "keeper";
/** A keeper that was not seen for so long is none. With `LOOK_SECONDS` this makes the two seconds that a successor takes. */
const CLAIM_SECONDS = 1.5;
/** How often the keeper renews its claim, and the others look whether it is free. */
export const LOOK_SECONDS = 0.5;

/** @noSelf */
export interface KeeperClaim {
  /** Renews the claim, or takes it when nobody has it. */
  look(): void;
  /** Looked up each time, so that one that was stalled and lost the claim knows it before it acts. */
  holds(): boolean;
  /** Gives the claim up for good. */
  end(): void;
}

/** @param pid of this worker */
export function keeperClaim(store: Store, pid: number): KeeperClaim {
  let hasEnded = false;
  const holds = (): boolean => !hasEnded && store.get(KEY) === pid;
  return {
    look: () => {
      // Between the two another may have taken it: then its claim is the one that lives longer. Nothing is overwritten.
      const isRenewed = holds() && store.expire(KEY, CLAIM_SECONDS);
      if (!isRenewed && !hasEnded) {
        store.add(KEY, pid, CLAIM_SECONDS);
      }
    },
    holds,
    end: () => {
      if (holds()) {
        store.remove(KEY);
      }
      hasEnded = true;
    },
  };
}
