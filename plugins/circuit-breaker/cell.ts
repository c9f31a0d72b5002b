import { closedValue, openEnded, parseState, type BreakerState } from "../_core/breaker-state.ts";
import { clearCountWindow, newCountWindow, rebaseCountWindow, type CountWindow } from "../_core/count-window.ts";
import { integerText } from "../_core/text.ts";
import { clearTimeWindow, newTimeWindow, type TimeWindow } from "../_core/time-window.ts";
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

const UNKNOWN: BreakerState = {
  kind: "closed",
  generation: -1,
  epoch: 0,
  attempt: 0,
  sinceSeconds: 0,
  untilSeconds: 0,
  reason: "",
};

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

function beginGeneration(cell: Cell, before: BreakerState, now: number): void {
  const state = cell.state;
  cell.closed = state.kind === "closed";
  cell.countedSince = now;
  cell.sinceKnown = false;
  // Nothing was kept away while it was forced closed: there is nothing to lead up to.
  cell.recovering =
    cell.closed && cell.settings.config.recovery_seconds > 0 && state.generation > 0 && before.kind !== "forced_closed";
  cell.recoverySince = now;
  cell.claimAfter = 0;
  cell.rotateDue = false;
  cell.counterPrefix = `${cell.prefix}${cell.time !== undefined ? "w" : "c"}:${integerText(state.generation)}:`;
  if (cell.time !== undefined) {
    clearTimeWindow(cell.time, now);
    cell.rereadSlot = cell.time.slot - cell.time.slots + 1;
  }
  if (cell.count !== undefined) {
    clearCountWindow(cell.count, 0);
    cell.retiredKey = cell.counterKey;
  }
  nameCounter(cell);
}

/** The state key is lost (evicted, or the dict is new) or holds none of our values: closed, one generation on. */
function heal(cell: Cell, raw: StoreValue | undefined): StoreValue | undefined {
  if (raw !== undefined) {
    cell.store.remove(cell.stateKey);
  }
  const fresh = closedValue(cell.state.generation + 1);
  cell.store.add(cell.stateKey, fresh);
  return cell.store.get(cell.stateKey) ?? fresh;
}

/** Takes over what the state key holds now. */
function adopt(cell: Cell, seen: StoreValue | undefined, now: number): void {
  let raw = seen;
  let state = parseState(raw);
  if (state === undefined) {
    raw = heal(cell, raw);
    state = parseState(raw) ?? cell.state;
  }
  const before = cell.state;
  cell.raw = raw;
  cell.state = state;
  if (state.generation !== before.generation || state.kind !== before.kind) {
    beginGeneration(cell, before, now);
  } else if (state.epoch !== before.epoch && cell.count !== undefined) {
    cell.retiredKey = cell.counterKey;
    rebaseCountWindow(cell.count);
    cell.rotateDue = false;
    nameCounter(cell);
  }
  setQuick(cell);
}

/** Reads the state key, and takes over what it holds if that is new. */
function readState(cell: Cell, now: number): void {
  const raw = cell.store.get(cell.stateKey);
  if (raw !== cell.raw || raw === undefined) {
    adopt(cell, raw, now);
  }
}

/** Moves all workers to the next counter of a count window; returns what the state key holds then. */
function rotateCounter(cell: Cell): StoreValue | undefined {
  cell.rotateDue = false;
  return cell.store.incr(cell.stateKey, 1, 0, 0) ?? cell.store.get(cell.stateKey);
}

/**
 * @param id e.g. `route:users`
 * @param peer `host:port` in peer scope, "" otherwise
 */
function newCell(settings: Settings, id: string, peer: string, now: number): Cell {
  const window = settings.config.window;
  const time = window.type === "time" ? newTimeWindow(window.seconds, now) : undefined;
  const cell: Cell = {
    settings,
    store: settings.store,
    id,
    prefix: `cb:${id}:`,
    stateKey: `cb:${id}:state`,
    raw: undefined,
    quickRaw: false,
    state: UNKNOWN,
    closed: true,
    countedSince: now,
    recovering: false,
    recoverySince: now,
    sinceKnown: false,
    claimAfter: 0,
    time,
    count: window.type === "count" ? newCountWindow(window.calls, 0) : undefined,
    counterPrefix: "",
    counterKey: "",
    counterTtlSeconds: time === undefined ? COUNTER_TTL_SECONDS : (time.slots + 2) * time.widthSeconds,
    full: false,
    rotateDue: false,
    rereadSlot: 0,
    retiredKey: undefined,
    keptAliveAt: now,
    keptAlivePacked: 0,
    refreshedAt: now,
    peer,
    usedAt: now,
    announced: -1,
  };
  readState(cell, now);
  cell.retiredKey = undefined;
  if (cell.count !== undefined) {
    const packed = cell.store.get(cell.counterKey);
    clearCountWindow(cell.count, typeof packed === "number" ? packed : 0);
  }
  return cell;
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

export { adopt, leaseKey, nameCounter, newCell, readState, rotateCounter, setQuick, stateName, turnKey };
