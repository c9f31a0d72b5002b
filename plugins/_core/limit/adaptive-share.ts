/**
 * How much of its limits a gateway gives, as a share in [floor, 1]: additive increase, multiplicative decrease,
 *
 *     under stress    share = max(floor, share * decrease)
 *     else            share = min(1, share + increase), once `holdSeconds` have passed since the last interval with stress
 *
 * once an interval. It is the one of the linear laws that comes to rest near the threshold from anywhere and shares fairly
 * between gateways that hear the same signs (Chiu and Jain, "Analysis of the Increase and Decrease Algorithms for
 * Congestion Avoidance in Computer Networks", Computer Networks and ISDN Systems 17, 1989; TCP's congestion avoidance,
 * RFC 5681). The hold lets a cut show its effect before it is taken back.
 *
 * After the last interval with stress the share is 1 again within
 * `holdSeconds + ceil((1 - share) / increase) * interval`, if all is calm.
 */
import type { Verdict } from "./stress-signal.ts";

interface ShareRule {
  /** Above 0, at most 1. */
  readonly floor: number;
  /** Factor of a cut, above 0 and below 1. */
  readonly decrease: number;
  /** Step of a rise, above 0. */
  readonly increase: number;
  readonly holdSeconds: number;
}

interface ShareState {
  /** In [floor, 1]. */
  readonly share: number;
  /** Until then it does not rise. */
  readonly heldUntilSeconds: number;
}

function firstShare(): ShareState {
  return { share: 1, heldUntilSeconds: 0 };
}

/** In [floor, 1]; what is no number is no reason to limit anybody. */
function bounded(share: number, floor: number): number {
  if (!(share < 1)) {
    return 1;
  }
  return share > floor ? share : floor;
}

/** One interval on, however long it was: a gap is one step. */
function nextShare(state: ShareState, verdict: Verdict, rule: ShareRule, nowSeconds: number): ShareState {
  const { floor, holdSeconds } = rule;
  const share = bounded(state.share, floor);
  const latest = nowSeconds + holdSeconds;
  if (verdict === "stress") {
    return { share: bounded(share * rule.decrease, floor), heldUntilSeconds: latest };
  }
  // No hold is longer than one that begins now: a clock that was set back would make it last.
  const heldUntilSeconds = state.heldUntilSeconds < latest ? state.heldUntilSeconds : latest;
  const rises = verdict === "calm" && nowSeconds >= heldUntilSeconds;
  return { share: rises ? bounded(share + rule.increase, floor) : share, heldUntilSeconds };
}

export { firstShare, nextShare };
export type { ShareRule, ShareState };
