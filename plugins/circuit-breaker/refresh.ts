import { CLOCK_SLACK_SECONDS } from "../_core/breaker-state.ts";
import { clearCountWindow, observeCount, type CountWindow } from "../_core/count-window.ts";
import { integerText } from "../_core/text.ts";
import { advanceTimeWindow, correctTimeWindow, type TimeWindow } from "../_core/time-window.ts";
import { readState } from "./adopt.ts";
import { COUNTER_TTL_SECONDS, leaseKey, nameCounter, setQuick, turnKey, type Cell } from "./cell.ts";
import { endOverride } from "./transitions.ts";

/** A retired counter lives so long for workers that still count in it. */
const RETIRED_TTL_SECONDS = 60;
const KEEP_ALIVE_SECONDS = 60;

/** Reads again the slots that others may have counted in since the last look. */
function refreshSlots(cell: Cell, window: TimeWindow, now: number): void {
  const before = window.slot;
  if (advanceTimeWindow(window, now)) {
    nameCounter(cell);
  }
  if (window.slot < before) {
    cell.rereadSlot = window.slot - window.slots + 1;
  }
  let slot = cell.rereadSlot;
  if (slot <= window.slot - window.slots) {
    slot = window.slot - window.slots + 1;
  }
  for (; slot <= window.slot; slot++) {
    const packed = cell.store.get(cell.counterPrefix + integerText(slot));
    correctTimeWindow(window, slot, typeof packed === "number" ? packed : 0);
  }
  // A worker whose clock is a little behind may still count in the slot before the current one.
  cell.rereadSlot = window.slot - 1;
}

function refreshCounter(cell: Cell, window: CountWindow, now: number): void {
  if (cell.retiredKey !== undefined) {
    cell.store.expire(cell.retiredKey, RETIRED_TTL_SECONDS);
    cell.retiredKey = undefined;
  }
  const packed = cell.store.get(cell.counterKey);
  if (typeof packed === "number") {
    observeCount(window, packed);
  } else if (window.packed > 0) {
    clearCountWindow(window, 0);
  }
  const idle = now - cell.keptAliveAt;
  if (window.packed !== cell.keptAlivePacked && (idle >= KEEP_ALIVE_SECONDS || idle < 0)) {
    cell.keptAliveAt = now;
    cell.keptAlivePacked = window.packed;
    cell.store.expire(cell.counterKey, COUNTER_TTL_SECONDS);
  }
}

/** Learns when the breaker closed, and whether traffic is led up since then. */
function readSince(cell: Cell): void {
  const since = cell.store.get(`${cell.prefix}since`);
  cell.sinceKnown = true;
  if (typeof since !== "number") {
    return;
  }
  const at = since < 0 ? -since : since;
  if (at < cell.countedSince) {
    cell.countedSince = at;
  }
  cell.recoverySince = cell.countedSince;
  cell.recovering = since > 0 && cell.settings.config.recovery_seconds > 0;
  setQuick(cell);
}

/**
 * After the clock was set back, keys live longer by as much: a claim or a lease that nobody holds any more would
 * block the breaker for so long.
 */
function forgetHolders(cell: Cell): void {
  const generation = cell.state.generation;
  cell.store.remove(turnKey(cell, generation));
  cell.store.remove(leaseKey(cell, generation));
}

/**
 * Brings a breaker up to date outside of requests: its state, what other workers counted, what time alone ends.
 * Also after the clock was set back.
 */
function refreshCell(cell: Cell, now: number): void {
  readState(cell, now);
  if (now < cell.refreshedAt - CLOCK_SLACK_SECONDS) {
    forgetHolders(cell);
  }
  cell.refreshedAt = now;
  const kind = cell.state.kind;
  if (kind === "forced_open" || kind === "forced_closed") {
    if (now >= cell.state.untilSeconds) {
      endOverride(cell, now);
    }
    return;
  }
  if (!cell.closed) {
    return;
  }
  if (!cell.sinceKnown) {
    readSince(cell);
  }
  if (now < cell.countedSince) {
    cell.countedSince = now;
  }
  if (cell.recovering) {
    if (now < cell.recoverySince) {
      cell.recoverySince = now;
    }
    if (now - cell.recoverySince >= cell.settings.config.recovery_seconds) {
      cell.recovering = false;
      setQuick(cell);
    }
  }
  if (cell.time !== undefined) {
    refreshSlots(cell, cell.time, now);
  }
  if (cell.count !== undefined) {
    refreshCounter(cell, cell.count, now);
  }
}

export { refreshCell };
