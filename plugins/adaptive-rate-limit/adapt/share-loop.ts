/** The control loop: each interval one worker looks at the signs of stress and says what share of its limits the route gives. */
import { nextShare, type ShareRule } from "../../_core/limit/adaptive-share.ts";
import {
  nextSignal,
  verdictOf,
  worseVerdict,
  type SignalState,
  type Verdict,
} from "../../_core/limit/stress-signal.ts";
import type { NodeLoad, StoreValue } from "../../_kit/ports.ts";
import type { AdaptConfig } from "../config.ts";
import type { LoopState } from "./loop-state.ts";
import type { Traffic } from "./route-traffic.ts";
import type { ShareOverride } from "./share-override.ts";
import { shareText } from "./share-text.ts";
import { measured, type Sign } from "./stress-signs.ts";

/** A sign without news is forgotten after the longer of this and three intervals. */
const STALE_SECONDS = 60;

/** A change that is worth telling. */
export interface ShareChange {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly inputs: Readonly<Record<string, StoreValue>>;
}

/** What an interval brought. */
export interface LoopStep {
  readonly state: LoopState;
  readonly changes: readonly ShareChange[];
}

/** What is known at an interval's end. */
export interface Sight {
  readonly load: NodeLoad;
  readonly traffic: Traffic | undefined;
  readonly override: ShareOverride | undefined;
}

export function ruleOf(adapt: AdaptConfig): ShareRule {
  const { floor, decrease, increase } = adapt;
  return { floor, decrease, increase, holdSeconds: adapt.hold_seconds };
}

export function staleSeconds(adapt: AdaptConfig): number {
  return Math.max(STALE_SECONDS, 3 * adapt.interval_seconds);
}

/**
 * Of a stress from its first cut until all is whole again three things are told at most: the first cut, that the floor is
 * reached, and the end. Whoever goes up and down in between would fill the log.
 */
function toldOf(before: LoopState, share: number, floor: number, lowest: number): [string, string] | undefined {
  const was = before.share.share;
  if (share < was && (was >= 1 || (share <= floor && before.lowest > floor))) {
    return [shareText(was), shareText(share)];
  }
  return share >= 1 && was < 1 ? [shareText(lowest), shareText(1)] : undefined;
}

/** One interval. */
export function stepLoop(
  before: LoopState,
  signs: readonly Sign[],
  sight: Sight,
  adapt: AdaptConfig,
  nowSeconds: number,
): LoopStep {
  const stale = staleSeconds(adapt);
  const signals: Record<string, SignalState | undefined> = {};
  const inputs: Record<string, StoreValue> = {};
  const changes: ShareChange[] = [];
  let verdict: Verdict = "calm";
  let worst = 0;
  let cause = "";
  for (const { name, threshold, reason } of signs) {
    const value = measured(name, sight.load, sight.traffic);
    const signal = nextSignal(
      before.signals[name],
      value === undefined ? undefined : value / threshold,
      nowSeconds,
      stale,
    );
    if (value !== undefined) {
      inputs[name] = value;
    }
    if (signal !== undefined) {
      signals[name] = signal;
      const own = verdictOf(signal, value !== undefined);
      verdict = worseVerdict(verdict, own);
      if (own === "stress" && signal.ratio > worst) {
        worst = signal.ratio;
        cause = reason;
      }
    }
  }
  const share = nextShare(before.share, verdict, ruleOf(adapt), nowSeconds);
  const lowest = before.share.share >= 1 ? share.share : Math.min(before.lowest, share.share);
  const told = toldOf(before, share.share, adapt.floor, lowest);
  if (told !== undefined) {
    changes.push({ from: told[0], to: told[1], reason: cause === "" ? "it is calm again" : cause, inputs });
  }
  const hand = sight.override === undefined ? 1 : sight.override.factor;
  if (sight.override === undefined && before.hand < 1) {
    changes.push({ from: shareText(before.hand), to: "1.00", reason: "the override expired", inputs: {} });
  }
  const reason = share.share >= 1 ? "" : cause === "" ? before.reason : cause;
  return { state: { share, verdict, signals, reason, lowest, hand, atSeconds: nowSeconds }, changes };
}
