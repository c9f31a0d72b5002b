import { slowStartFactor } from "../_core/balance/slow-start.ts";
import type { BalanceConfig } from "./config.ts";
import type { Health } from "./health/health.ts";
import type { LoadReports } from "./load-reports.ts";
import type { Peer } from "./peer.ts";
import type { PeerSet } from "./peer-set.ts";

/** No peer falls below this: a weight of 0 would never be asked how it is. */
const LEAST_WEIGHT = 0.001;

/** Brings the weights of all peers up to date: what people or its source gave it, slow start, its agent, its own load. */
export function renewWeights(
  set: PeerSet,
  health: Health,
  loads: LoadReports,
  config: BalanceConfig,
  nowSeconds: number,
): void {
  const { slow_start_seconds: windowSeconds, slow_start_aggression: aggression } = config;
  const weightOf = (peer: Peer): number => {
    const given = set.overrideOf(peer.key)?.weight ?? peer.entry.weight;
    const slow = peer.sinceSeconds > 0 ? slowStartFactor(nowSeconds - peer.sinceSeconds, windowSeconds, aggression) : 1;
    const share = health.of(peer.key)?.share ?? 1;
    return given * slow * share * loads.factor(peer);
  };
  for (const peer of set.peers()) {
    const weight = weightOf(peer);
    peer.weight = weight > LEAST_WEIGHT ? weight : LEAST_WEIGHT;
  }
}
