import type { BreakerState } from "../_core/breaker-state.ts";
import { clearCountWindow, newCountWindow } from "../_core/count-window.ts";
import { newTimeWindow } from "../_core/time-window.ts";
import { readState } from "./adopt.ts";
import { COUNTER_TTL_SECONDS, type Cell } from "./cell.ts";
import type { Settings } from "./settings.ts";

const UNKNOWN: BreakerState = {
  kind: "closed",
  generation: -1,
  epoch: 0,
  attempt: 0,
  sinceSeconds: 0,
  untilSeconds: 0,
  reason: "",
};

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

export { newCell };
