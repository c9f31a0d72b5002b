/** Outlier detection put together: rows of failures, rates of an interval, and who may be ejected. */
import type { Random, Store } from "../../_kit/ports.ts";
import type { PassiveConfig } from "../config.ts";
import type { Peer } from "../peer.ts";
import type { ConditionChanges } from "./condition-changes.ts";
import { createEjector } from "./ejector.ts";
import { failureRows } from "./failure-rows.ts";
import type { HealthKeys } from "./health-keys.ts";
import type { HealthTotals } from "./health-totals.ts";
import { outlierRound } from "./outlier-round.ts";
import type { PeerRoster } from "./peer-roster.ts";
import type { SharedConditions } from "./shared-conditions.ts";
import { createSuspects } from "./suspects.ts";

/** @noSelf */
export interface OutlierDetection {
  tried(peer: Peer, status: number, nowSeconds: number): void;
  /** Four times a second: what other workers count, and what could not be written when it was due. */
  follow(nowSeconds: number): void;
  flush(peers: readonly Peer[], nowSeconds: number): void;
  isOver(nowSeconds: number): boolean;
  sweep(nowSeconds: number): boolean;
}

/** What the parts of health use of each other. */
export interface DetectionParts {
  readonly keys: HealthKeys;
  readonly store: Store;
  readonly random: Random;
  readonly shared: SharedConditions;
  readonly roster: PeerRoster;
  readonly changes: ConditionChanges;
  readonly totals: HealthTotals;
  readonly longestSeconds: number;
}

export function outlierDetection(config: PassiveConfig, parts: DetectionParts): OutlierDetection {
  const { keys, store, shared, roster, changes, longestSeconds } = parts;
  const ejector = createEjector(config, parts);
  const suspects = createSuspects(keys, store, roster);
  const rows = failureRows(config, { keys, store, shared, roster, changes, suspects, ejector, longestSeconds });
  const round = outlierRound(config, { keys, store, shared, roster, ejector, longestSeconds });
  return {
    tried: rows.tried,
    follow: (now) => {
      suspects.follow();
      rows.retry(now);
    },
    flush: round.flush,
    isOver: round.isOver,
    sweep: round.sweep,
  };
}
