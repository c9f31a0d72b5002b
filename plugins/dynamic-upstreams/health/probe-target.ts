/** What the worker that probes knows of a peer beside what all workers share. */
import { newProbeState, type ProbeState } from "../../_core/health/probe-state.ts";
import type { Verdict } from "../../_core/health/peer-condition.ts";
import type { Peer } from "../peer.ts";

export interface ProbeTarget {
  peer: Peer;
  readonly state: ProbeState;
  /** Why it is unhealthy. */
  note: string;
  /** What its agent said last: the share of its weight (0: no new requests), to drain, that it is down. */
  share: number;
  draining: boolean;
  down: boolean;
  /** The share that people were told of. */
  toldShare: number;
  /** A probe is under way. */
  busy: boolean;
  /** It has left the set. */
  gone: boolean;
  /** The last look at the set that saw it. */
  round: number;
}

/** @param isKnown it was in the set when an earlier worker probed, so `verdict` is worth something */
export function newProbeTarget(peer: Peer, isKnown: boolean, verdict: Verdict): ProbeTarget {
  return {
    peer,
    state: newProbeState(isKnown, verdict.unhealthy),
    note: verdict.note,
    share: verdict.share,
    draining: verdict.draining,
    down: false,
    toldShare: verdict.share,
    busy: false,
    gone: false,
    round: 0,
  };
}
