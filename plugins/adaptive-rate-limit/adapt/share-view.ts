import { tierShare } from "../../_core/limit/tier-share.ts";
import type { Json, Store, StoreValue } from "../../_kit/ports.ts";
import type { AdaptConfig } from "../config.ts";
import { firstLoopState, readLoopState, type LoopState } from "./loop-state.ts";
import { readOverride, type ShareOverride } from "./share-override.ts";

/**
 * What is in force in this worker: what the loop has published, and what was said by hand.
 * @noSelf
 */
export interface ShareView {
  /** Takes over what others have written. @returns true when another share is in force */
  follow(): boolean;
  state(): LoopState;
  override(): ShareOverride | undefined;
  /** The share in force for a tier with the floor of all. */
  share(): number;
  /** Share of its limit that a tier has now. */
  shareOf(tierFloor: number, surging: boolean): number;
}

export function shareView(
  adapt: AdaptConfig,
  stateKey: string,
  overrideKey: string,
  store: Store,
  json: Json,
): ShareView {
  const { floor } = adapt;
  const usual = adapt.surge_multiple === undefined ? "all" : "usual";
  let stateText: StoreValue | undefined;
  let overrideText: StoreValue | undefined;
  let state = firstLoopState();
  let override: ShareOverride | undefined;
  let loopShare = 1;
  let handShare = 1;

  return {
    follow: () => {
      const nextState = store.get(stateKey);
      const nextOverride = adapt.external ? store.get(overrideKey) : undefined;
      if (nextState !== stateText) {
        stateText = nextState;
        state = readLoopState(nextState, json) ?? firstLoopState();
      }
      if (nextOverride !== overrideText) {
        overrideText = nextOverride;
        override = readOverride(nextOverride, json);
      }
      const loop = state.share.share;
      const hand = override === undefined ? 1 : override.factor;
      const changed = loop !== loopShare || hand !== handShare;
      loopShare = loop;
      handShare = hand;
      return changed;
    },
    state: () => state,
    override: () => override,
    share: () => Math.min(loopShare, handShare),
    shareOf: (tierFloor, surging) => {
      const byLoop = tierShare(loopShare, floor, tierFloor, surging ? "surging" : usual);
      // Who asks for a factor by hand means all clients.
      return Math.min(byLoop, tierShare(handShare, floor, tierFloor, "all"));
    },
  };
}
