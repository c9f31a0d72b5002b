/** Which of an upstream's peers are shown: thousands of rows would freeze the page, and nobody reads them. */
import { count } from "./format.ts";
import { peerSign, type Tone } from "./states.ts";
import { entriesOf, type PeerStatus, type UpstreamStatus } from "./status.ts";

export type PeerEntry = readonly [string, PeerStatus];

export interface PeerList {
  /** What needs a look first, then the others, each by name. */
  readonly shown: readonly PeerEntry[];
  /** Of those that are not shown, in words; empty: none. */
  readonly rest: string;
  /** There are more than are shown at once, so that one may want to look for some. */
  readonly searchable: boolean;
}

/** Peers that a card shows at once. */
export const MOST_PEERS = 20;

const RANKS: Readonly<Record<Tone, number>> = { bad: 0, wait: 1, unknown: 2, held: 2, good: 3 };

interface Ranked {
  readonly entry: PeerEntry;
  readonly rank: number;
}

/** 0: the worst. People's own doing on a peer that is up deserves a look too. */
function rankOf([, { state, override_until }]: PeerEntry): number {
  const rank = RANKS[peerSign(state).tone];
  return rank === RANKS.good && override_until !== undefined ? rank - 1 : rank;
}

/** @param wanted only peers in whose name, zone, state or reason this stands; empty: all */
export function peerList({ peers }: UpstreamStatus, wanted: string): PeerList {
  const all = entriesOf(peers);
  const word = wanted.trim().toLowerCase();
  const found = word === "" ? all : all.filter((entry) => textOf(entry).includes(word));
  const ranked = found.map((entry) => ({ entry, rank: rankOf(entry) })).sort((a, b) => a.rank - b.rank);
  const shown = ranked
    .slice(0, MOST_PEERS)
    .sort(inOrder)
    .map(({ entry }) => entry);
  const hidden = ranked.slice(MOST_PEERS);
  const searchable = all.length > MOST_PEERS;
  if (word !== "" && found.length === 0) {
    return {
      shown,
      rest: `None of ${count(all.length)} peers has this in its name, zone, state or reason.`,
      searchable,
    };
  }
  return { shown, rest: restText(hidden.length, hidden.filter(({ rank }) => rank === RANKS.bad).length), searchable };
}

/** By name as people count, `10.0.0.9` before `10.0.0.10`: too slow for thousands. */
const names = new Intl.Collator("en", { numeric: true });

function inOrder(a: Ranked, b: Ranked): number {
  return a.rank - b.rank || names.compare(a.entry[0], b.entry[0]);
}

function textOf([name, { zone, state, why }]: PeerEntry): string {
  return [name, zone ?? "", peerSign(state).word, why ?? ""].join(" ").toLowerCase();
}

function restText(hidden: number, bad: number): string {
  if (hidden === 0) return "";
  const troubled = bad === 0 ? "" : `, ${count(bad)} of them in trouble`;
  return `And ${count(hidden)} more peer${hidden === 1 ? "" : "s"}${troubled}.`;
}
