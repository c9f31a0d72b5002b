/**
 * What people set a peer to for a while. It lies in the shared dict until its time is up; a counter for each upstream tells
 * the workers that something changed, so that they need not look for each peer.
 */
import { firstField, integerText, otherFields, parseDigits, plainField } from "../_core/text.ts";
import type { PeerOverride, PeerState } from "../_kit/balancer.ts";
import type { Store, StoreValue } from "../_kit/ports.ts";

/** @noSelf */
export interface Overrides {
  /** The override of a peer at `now`; undefined when there is none, or its time is up. */
  read(key: string, now: number): PeerOverride | undefined;
  write(key: string, override: PeerOverride, now: number): boolean;
  clear(key: string): void;
  /** Changes with every `write` and `clear` of any worker. */
  generation(): number;
  /** True for one worker alone: the one that tells of an override whose time was up at `until`. */
  claimExpiry(key: string, until: number): boolean;
}

const CLAIM_SECONDS = 60;

function stateOf(text: string): PeerState | undefined {
  return text === "up" || text === "drain" || text === "down" ? text : undefined;
}

/** `state|weight|until|reason`; the weight may be empty. */
function parse(value: StoreValue): PeerOverride | undefined {
  if (typeof value !== "string") {
    return undefined;
  }
  const state = stateOf(firstField(value));
  const afterState = otherFields(value);
  const weight = parseDigits(firstField(afterState));
  const afterWeight = otherFields(afterState);
  const until = parseDigits(firstField(afterWeight));
  if (state === undefined || until === undefined) {
    return undefined;
  }
  const reason = otherFields(afterWeight);
  return weight === undefined ? { state, until, reason } : { state, weight, until, reason };
}

function textOf({ state, weight, until, reason }: PeerOverride): string {
  const share = weight === undefined ? "" : integerText(weight);
  return `${state}|${share}|${integerText(until)}|${plainField(reason)}`;
}

/** The overrides of one upstream's peers. */
export function createOverrides(store: Store, upstream: string): Overrides {
  const generationKey = `peers:${upstream}`;
  const keyOf = (key: string): string => `peer:${upstream}:${key}`;

  function changed(): void {
    store.incr(generationKey, 1, 0, 0);
  }

  return {
    read: (key, now) => {
      const value = store.get(keyOf(key));
      const override = value === undefined ? undefined : parse(value);
      return override === undefined || override.until <= now ? undefined : override;
    },
    write: (key, override, now) => {
      const written = store.set(keyOf(key), textOf(override), override.until - now);
      changed();
      return written;
    },
    clear: (key) => {
      store.remove(keyOf(key));
      changed();
    },
    generation: () => {
      const value = store.get(generationKey);
      return typeof value === "number" ? value : 0;
    },
    claimExpiry: (key, until) => store.add(`peer-expired:${upstream}:${key}:${integerText(until)}`, 1, CLAIM_SECONDS),
  };
}

/** An override in a few words, for the log of decisions; "up" when there is none. */
export function overrideText(override: PeerOverride | undefined): string {
  if (override === undefined) {
    return "up";
  }
  return override.weight === undefined ? override.state : `${override.state}, weight ${integerText(override.weight)}`;
}
