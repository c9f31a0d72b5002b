/**
 * Smooth weighted round robin, as nginx does it: at each pick every eligible peer gains its weight, the richest is
 * taken and pays the sum. Over a full cycle each peer is taken in proportion to its weight, evenly spread.
 * Source: nginx, ngx_http_upstream_round_robin.c (Maxim Dounin, 2012).
 */

export interface WeightedPeer {
  /** 1 or more. */
  readonly weight: number;
  /** What the peer has saved up; starts at 0. Written by `pick`. */
  credit: number;
}

/**
 * The index of the next peer, or -1 when none is eligible. `eligible[i]` false leaves peer i out of this round without
 * touching its credit. O(n) in the number of peers.
 */
export function pickSmoothWeighted(peers: readonly WeightedPeer[], eligible: readonly boolean[]): number {
  let best = -1;
  let bestCredit = 0;
  let total = 0;
  for (let i = 0; i < peers.length; i++) {
    const peer = peers[i];
    if (peer !== undefined && eligible[i] === true) {
      peer.credit += peer.weight;
      total += peer.weight;
      if (best < 0 || peer.credit > bestCredit) {
        best = i;
        bestCredit = peer.credit;
      }
    }
  }
  const chosen = peers[best];
  if (chosen !== undefined) {
    chosen.credit -= total;
  }
  return best;
}
