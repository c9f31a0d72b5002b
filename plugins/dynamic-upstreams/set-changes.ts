/** What came, went and changed between two sets of peers, in words. */
import { integerText } from "../_core/text.ts";
import { type PeerEntry, peerKey, sameEntry } from "./peer.ts";

/** Some peers: all are counted, and a few named. */
interface Some {
  count: number;
  /** `10.0.0.1:80, 10.0.0.2:80, …` */
  names: string;
}

export interface SetChanges {
  readonly added: number;
  readonly removed: number;
  /** Peers that stay with another weight, priority, zone or word about draining. */
  readonly changed: number;
  /** `2 came (10.0.0.3:80, 10.0.0.4:80), 1 went (10.0.0.1:80)`; empty when the sets are the same but for their order. */
  readonly text: string;
}

/** Thousands may come at once: people look at a few, and a decision has room for little more. */
const NAMED = 3;

function add(some: Some, key: string): void {
  some.count += 1;
  if (some.count <= NAMED) {
    some.names += some.count === 1 ? key : `, ${key}`;
  } else if (some.count === NAMED + 1) {
    some.names += ", …";
  }
}

function withText(text: string, some: Some, verb: string): string {
  if (some.count === 0) {
    return text;
  }
  const part = `${integerText(some.count)} ${verb} (${some.names})`;
  return text === "" ? part : `${text}, ${part}`;
}

/** @param before no address and port twice, as in `now` */
export function setChanges(before: readonly PeerEntry[], now: readonly PeerEntry[]): SetChanges {
  const old: Record<string, PeerEntry | undefined> = {};
  for (const entry of before) {
    old[peerKey(entry.host, entry.port)] = entry;
  }
  const came: Some = { count: 0, names: "" };
  const changed: Some = { count: 0, names: "" };
  for (const entry of now) {
    const key = peerKey(entry.host, entry.port);
    const was = old[key];
    if (was === undefined) {
      add(came, key);
    } else {
      old[key] = undefined;
      if (!sameEntry(was, entry)) {
        add(changed, key);
      }
    }
  }
  const went: Some = { count: 0, names: "" };
  for (const entry of before) {
    const key = peerKey(entry.host, entry.port);
    if (old[key] !== undefined) {
      add(went, key);
    }
  }
  const text = withText(withText(withText("", came, "came"), went, "went"), changed, "changed");
  return { added: came.count, removed: went.count, changed: changed.count, text };
}
