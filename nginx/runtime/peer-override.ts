/**
 * What people set a peer to for a while. It lies in the shared dict until its time is up; a counter for each upstream tells
 * the workers that something changed, so that they need not look for each peer.
 */
import { integerText, plainField } from "../../plugins/_core/text.ts";
import type { Store } from "../../plugins/_kit/ports.ts";

/** `drain` and `down` both take no new request; `down` says that the peer is not there. */
export type PeerState = "up" | "drain" | "down";

export interface PeerOverride {
  readonly state: PeerState;
  /** In place of the peer's own weight; only with `up`. */
  readonly weight?: number;
  /** Seconds since the epoch, whole. */
  readonly until: number;
  readonly reason: string;
}

/** @noSelf */
export interface PeerOverrides {
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

function stateOf(text: string | undefined): PeerState | undefined {
  return text === "up" || text === "drain" || text === "down" ? text : undefined;
}

function parse(value: unknown): PeerOverride | undefined {
  const [name, weight, until, reason] = string.match(tostring(value), "^(%l+)|(%d*)|(%d+)|(.*)$");
  const state = stateOf(name);
  const end = tonumber(until);
  if (state === undefined || end === undefined) {
    return undefined;
  }
  const override = { state, until: end, reason: reason ?? "" };
  const share = tonumber(weight);
  return share === undefined ? override : { state, weight: share, until: end, reason: reason ?? "" };
}

/** The overrides of one upstream's peers. */
export function peerOverrides(store: Store, upstream: string): PeerOverrides {
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
      const { state, weight, until, reason } = override;
      const share = weight === undefined ? "" : integerText(weight);
      const text = `${state}|${share}|${integerText(until)}|${plainField(reason)}`;
      const written = store.set(keyOf(key), text, until - now);
      changed();
      return written;
    },
    clear: (key) => {
      store.remove(keyOf(key));
      changed();
    },
    generation: () => tonumber(store.get(generationKey)) ?? 0,
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
