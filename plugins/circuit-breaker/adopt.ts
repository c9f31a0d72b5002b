import { closedValue, parseState, type BreakerState } from "../_core/breaker-state.ts";
import { clearCountWindow, rebaseCountWindow } from "../_core/count-window.ts";
import { integerText } from "../_core/text.ts";
import { clearTimeWindow } from "../_core/time-window.ts";
import type { StoreValue } from "../_kit/ports.ts";
import { nameCounter, setQuick, type Cell } from "./cell.ts";

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

export { adopt, readState, rotateCounter };
