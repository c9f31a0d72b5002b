import { openEnded, type BreakerState } from "../_core/breaker-state.ts";
import type { CountWindow } from "../_core/count-window.ts";
import { integerText } from "../_core/text.ts";
import type { TimeWindow } from "../_core/time-window.ts";
import type { Store, StoreValue } from "../_kit/ports.ts";
import type { Settings } from "./settings.ts";

/** One breaker as one worker sees it. The truth is in the store; this is the last that was seen of it. */
export interface Cell {
  readonly settings: Settings;
  readonly store: Store;
  /** E.g. `route:users`. */
  readonly id: string;
  /** Begins every key of this breaker: `cb:<id>:`. */
  readonly prefix: string;
  readonly stateKey: string;
  /** The state key's value as last seen. */
  raw: StoreValue | undefined;
  /** That value again while it lets every request go on; false, which is never stored, while it does not. */
  quickRaw: StoreValue;
  state: BreakerState;
  closed: boolean;
  /** Outcomes of requests that began earlier belong to an earlier generation. */
  countedSince: number;
  recovering: boolean;
  recoverySince: number;
  /** Whether the two above were read from the store and not only guessed from when the change was seen. */
  sinceKnown: boolean;
  /** No claim of a turn before this time: the last one was lost, or made, just now. */
  claimAfter: number;
  /** One of the two is there. */
  readonly time: TimeWindow | undefined;
  readonly count: CountWindow | undefined;
  counterPrefix: string;
  counterKey: string;
  readonly counterTtlSeconds: number;
  /** The counter is near its limit: counting goes on in the next. */
  full: boolean;
  /** Count window: this worker's next request moves all workers to the next counter. */
  rotateDue: boolean;
  /** Time window: the first slot to read again at the next tick. */
  rereadSlot: number;
  /** Count window: the counter before this one, to be let go. */
  retiredKey: string | undefined;
  /** Count window: when the counter was last kept alive, and what it held. */
  keptAliveAt: number;
  keptAlivePacked: number;
  /** When the cell was last brought up to date by a tick. */
  refreshedAt: number;
  /** Peer scope: `host:port`, and when it was last tried. */
  readonly peer: string;
  usedAt: number;
  /** The generation whose half-open phase this worker has announced. */
  announced: number;
}

/** A counter of a count window dies when nobody has counted for so long. */
export const COUNTER_TTL_SECONDS = 3600;

/** Names the key of the counter in use: one a slot, or one an epoch. */
function nameCounter(cell: Cell): void {
  const part = cell.time !== undefined ? cell.time.slot : cell.state.epoch;
  cell.counterKey = cell.counterPrefix + integerText(part);
  cell.full = false;
}

/** Lets requests go on without a closer look if nothing of what is known forbids it. */
function setQuick(cell: Cell): void {
  cell.quickRaw = cell.closed && !cell.recovering && cell.raw !== undefined ? cell.raw : false;
}

/** Names the claim to make the next transition of `generation`. */
function turnKey(cell: Cell, generation: number): string {
  return `${cell.prefix}turn:${integerText(generation)}`;
}

/** Names the counter of the probes of `generation` that are under way. */
function leaseKey(cell: Cell, generation: number): string {
  return `${cell.prefix}lease:${integerText(generation)}`;
}

export type StateName = "closed" | "open" | "half_open" | "forced_open" | "forced_closed";

/** What the breaker is at `now`, with what follows from the time alone. */
function stateName(cell: Cell, now: number): StateName {
  const state = cell.state;
  if (state.kind === "open" && openEnded(now, state.sinceSeconds, state.untilSeconds)) {
    return "half_open";
  }
  return state.kind;
}

export { leaseKey, nameCounter, setQuick, stateName, turnKey };
