/**
 * Who bears how much of the stress. The loop's share goes from 1 down to the floor of all; `x = (1 - share) / (1 - floor)` is
 * the stress, 0 to 1. A tier with a higher floor `f` begins to be cut at `s = (f - floor) / (1 - floor)`:
 *
 *     x_t = max(0, (x - s) / (1 - s))          share_t = 1 - x_t * (1 - f)
 *
 * As `1 - s = (1 - f) / (1 - floor)`, that is `share_t = min(1, share + f - floor)`: a tier is always better off by what its floor
 * is higher, is cut last, and is at its floor when all are. With `f = 1` it is never cut. A tier with a lower floor than all is
 * cut from the beginning, and falls faster: `share_t = 1 - x * (1 - f)`.
 *
 * Where clients that surge are told apart they bear the first half of the stress alone: for them `x` is `min(1, 2 x)`, for the
 * others `max(0, 2 x - 1)`. At 1 all are at their floors.
 *
 * A share below the floor, which only people ask for, scales what all tiers have at the floor: `share_t = f * share / floor`.
 */

/** Which clients a share is for: all alike, or surging ones and others apart. */
type Clients = "all" | "surging" | "usual";

function stressFor(stress: number, clients: Clients): number {
  if (clients === "all") {
    return stress;
  }
  return clients === "surging" ? Math.min(1, 2 * stress) : Math.max(0, 2 * stress - 1);
}

/**
 * @param share of the loop, above 0; 1 or more: nothing is cut
 * @param floor of all, above 0, at most 1
 * @param tierFloor above 0, at most 1
 * @returns in [tierFloor, 1], or below it where `share` is below `floor`
 */
function tierShare(share: number, floor: number, tierFloor: number, clients: Clients): number {
  if (share >= 1) {
    return 1;
  }
  if (share <= floor) {
    return tierFloor * (share / floor);
  }
  const stress = stressFor((1 - share) / (1 - floor), clients);
  const own = tierFloor > floor ? 1 - stress * (1 - floor) + (tierFloor - floor) : 1 - stress * (1 - tierFloor);
  return Math.max(tierFloor, Math.min(1, own));
}

export { tierShare };
export type { Clients };
