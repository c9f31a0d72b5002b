/** What the control loop knows: one worker writes it after each interval, all read it, and the next one goes on with it. */
import { firstShare, type ShareState } from "../../_core/limit/adaptive-share.ts";
import type { SignalState, Verdict } from "../../_core/limit/stress-signal.ts";
import type { Json, Store, StoreValue } from "../../_kit/ports.ts";

export interface LoopState {
  readonly share: ShareState;
  /** Of the last interval. */
  readonly verdict: Verdict;
  /** By sign; those that nothing is known of are not there. */
  readonly signals: Readonly<Record<string, SignalState | undefined>>;
  /** Why it was cut last; "" while it is not. */
  readonly reason: string;
  /** The smallest share since it was 1. */
  readonly lowest: number;
  /** The factor by hand that was last seen; 1: none. */
  readonly hand: number;
  readonly atSeconds: number;
}

export function firstLoopState(): LoopState {
  return { share: firstShare(), verdict: "calm", signals: {}, reason: "", lowest: 1, hand: 1, atSeconds: 0 };
}

/** Undefined where there is none, or what is there is none of ours. */
export function readLoopState(value: StoreValue | undefined, json: Json): LoopState | undefined {
  const state = typeof value === "string" ? (json.decode(value) as LoopState | undefined) : undefined;
  return state === undefined || typeof state.share !== "object" ? undefined : state;
}

/** @param ttlSeconds a state that nobody has renewed for so long is over: all limits are whole again */
export function writeLoopState(store: Store, key: string, state: LoopState, json: Json, ttlSeconds: number): void {
  const { share, verdict, reason, lowest, hand, atSeconds } = state;
  const signals: Record<string, { ratio: number; sample: number; atSeconds: number } | undefined> = {};
  for (const name in state.signals) {
    const signal = state.signals[name];
    if (signal !== undefined) {
      signals[name] = { ratio: signal.ratio, sample: signal.sample, atSeconds: signal.atSeconds };
    }
  }
  const held = { share: share.share, heldUntilSeconds: share.heldUntilSeconds };
  store.set(key, json.encode({ share: held, verdict, signals, reason, lowest, hand, atSeconds }), ttlSeconds);
}
