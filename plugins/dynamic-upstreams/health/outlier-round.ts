/**
 * What peers answered in an interval, over all workers, and who is ejected for it. Workers add theirs each second under the
 * number of the interval that their clock shows; when it is over the keeper looks at it once. A worker's last second of an
 * interval may thus count for the next one; one whose keeper died at the border is swept by the next keeper.
 */
import { failedOf, okOf, packInterval } from "../../_core/health/interval-counts.ts";
import { findOutliers, type Outlier, type Sample, type SweepRule } from "../../_core/health/outlier-sweep.ts";
import { ejectionOf, isEjected } from "../../_core/health/peer-condition.ts";
import { decimalText } from "../../_core/decimal-text.ts";
import type { Store, StoreValue } from "../../_kit/ports.ts";
import type { PassiveConfig } from "../config.ts";
import type { Peer } from "../peer.ts";
import type { Ejector, Grounds } from "./ejector.ts";
import type { HealthKeys } from "./health-keys.ts";
import type { PeerRoster } from "./peer-roster.ts";
import type { SharedConditions } from "./shared-conditions.ts";

/** @noSelf */
export interface OutlierRound {
  /** Tells the other workers what this one counted of each peer. */
  flush(peers: readonly Peer[], nowSeconds: number): void;
  /** True in the first call of an interval. */
  isOver(nowSeconds: number): boolean;
  /** Between `begin` and `end`. @returns true when this worker was the one to sweep, which no other does then */
  sweep(nowSeconds: number): boolean;
}

interface RoundParts {
  readonly keys: HealthKeys;
  readonly store: Store;
  readonly shared: SharedConditions;
  readonly roster: PeerRoster;
  readonly ejector: Ejector;
  readonly longestSeconds: number;
}

function twoDecimals(percent: number): string {
  const text = decimalText(percent).slice(0, -4);
  return text;
}

export function outlierRound(config: PassiveConfig, parts: RoundParts): OutlierRound {
  const { keys, store, shared, roster, ejector, longestSeconds } = parts;
  const intervalSeconds = config.interval_seconds;
  const keptSeconds = 2 * intervalSeconds + 10;
  const rule: SweepRule = {
    stdevFactor: config.success_rate_stdev,
    leastPeers: config.success_rate_peers,
    leastRequests: config.success_rate_requests,
    failurePercent: config.failure_rate,
    failureRequests: config.failure_rate_requests,
  };
  const looksAtRates = rule.stdevFactor > 0 || rule.failurePercent > 0;
  let swept = -1;

  function intervalAt(now: number): number {
    return Math.floor(now / intervalSeconds);
  }

  function samplesOf(interval: number, now: number): Sample[] {
    const samples: Sample[] = [];
    for (const { key } of roster.peers()) {
      const packed = store.get(keys.answered(interval, key));
      if (typeof packed === "number" && packed > 0 && !isEjected(ejectionOf(shared.of(key)), now, longestSeconds)) {
        samples.push({ key, ok: okOf(packed), failed: failedOf(packed) });
      }
    }
    return samples;
  }

  function groundsOf({ kind, requests, successPercent, limitPercent, meanPercent }: Outlier): Grounds {
    const success = twoDecimals(successPercent);
    const limit = twoDecimals(limitPercent);
    const inputs: Record<string, StoreValue> = {
      requests,
      success_percent: successPercent,
      limit_percent: limitPercent,
    };
    if (meanPercent !== undefined) {
      inputs["mean_percent"] = meanPercent;
    }
    const than = kind === "success_rate" ? `less than ${limit}%` : `no more than ${limit}%`;
    return { kind, note: `${success}% of its requests went well, ${than}`, inputs };
  }

  return {
    flush: (peers, now) => {
      const interval = intervalAt(now);
      for (const peer of peers) {
        if (peer.ok + peer.failed > 0) {
          if (looksAtRates) {
            store.incr(keys.answered(interval, peer.key), packInterval(peer.ok, peer.failed), 0, keptSeconds);
          }
          peer.ok = 0;
          peer.failed = 0;
        }
      }
    },
    isOver: (now) => intervalAt(now) !== swept,
    sweep: (now) => {
      swept = intervalAt(now);
      if (!store.add(keys.swept(swept), true, keptSeconds)) {
        return false;
      }
      if (looksAtRates) {
        ejector.recount(now);
        for (const outlier of findOutliers(samplesOf(swept - 1, now), rule)) {
          ejector.eject(outlier.key, groundsOf(outlier), now);
        }
      }
      return true;
    },
  };
}
