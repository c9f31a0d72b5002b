import { closedValue, stateText } from "../_core/breaker-state.ts";
import { openSeconds } from "../_core/open-time.ts";
import { integerText } from "../_core/text.ts";
import type { StoreValue } from "../_kit/ports.ts";
import { adopt, readState } from "./adopt.ts";
import { leaseKey, stateName, turnKey, type Cell } from "./cell.ts";

/** A winner that dies before it writes costs the breaker so long. */
const TURN_SECONDS = 1;

/**
 * Claims the right to make the next transition of the generation this worker sees: one worker gets it. False
 * also when the generation has moved on meanwhile.
 */
function claimTurn(cell: Cell, now: number): boolean {
  if (now < cell.claimAfter && now > cell.claimAfter - 2 * TURN_SECONDS) {
    return false;
  }
  cell.claimAfter = now + TURN_SECONDS;
  const generation = cell.state.generation;
  const kind = cell.state.kind;
  if (!cell.store.add(turnKey(cell, generation), 1, TURN_SECONDS)) {
    return false;
  }
  readState(cell, now);
  return cell.state.generation === generation && cell.state.kind === kind;
}

/** Writes the next state; the caller holds the turn. */
function write(
  cell: Cell,
  now: number,
  value: StoreValue,
  to: string,
  reason: string,
  inputs: Readonly<Record<string, StoreValue>>,
): boolean {
  const from = stateName(cell, now);
  const generation = cell.state.generation;
  if (!cell.store.set(cell.stateKey, value)) {
    return false;
  }
  cell.store.remove(leaseKey(cell, generation));
  cell.store.remove(`${cell.prefix}probe:${integerText(generation)}`);
  cell.store.remove(`${cell.prefix}half:${integerText(generation)}`);
  cell.store.incr(`${cell.prefix}to:${to}`, 1, 0, 0);
  adopt(cell, value, now);
  if (cell.settings.onTransition !== undefined) {
    cell.settings.onTransition();
  }
  cell.settings.host.events.emit({ plugin: "circuit-breaker", subject: cell.id, from, to, reason, inputs });
  return true;
}

/** Opens for the time that is due at `attempt`. The caller holds the turn. */
function writeOpen(
  cell: Cell,
  now: number,
  attempt: number,
  reason: string,
  inputs: Readonly<Record<string, StoreValue>>,
): void {
  const open = cell.settings.config.open;
  const random = cell.settings.host.random.next();
  const seconds = openSeconds(attempt, open.seconds, open.multiplier, open.max_seconds, open.jitter, random);
  const value = stateText("open", cell.state.generation + 1, attempt, now, now + seconds, reason);
  write(cell, now, value, "open", reason, inputs);
}

/**
 * Closes. The caller holds the turn. When it happened is kept beside the state, negative when traffic shall not
 * be led up: a worker that finds a closed breaker cannot tell otherwise.
 */
function writeClosed(
  cell: Cell,
  now: number,
  leadUp: boolean,
  reason: string,
  inputs: Readonly<Record<string, StoreValue>>,
): boolean {
  cell.store.set(`${cell.prefix}since`, leadUp ? now : -now);
  return write(cell, now, closedValue(cell.state.generation + 1), "closed", reason, inputs);
}

/** Forces a state until `until`. The caller holds the turn. */
function writeForced(
  cell: Cell,
  now: number,
  kind: "forced_open" | "forced_closed",
  untilSeconds: number,
  reason: string,
): boolean {
  const value = stateText(kind, cell.state.generation + 1, 0, now, untilSeconds, reason);
  return write(cell, now, value, kind, reason, { until: untilSeconds });
}

/** Ends an override whose time is up. */
function endOverride(cell: Cell, now: number): void {
  if (claimTurn(cell, now)) {
    writeClosed(cell, now, cell.state.kind === "forced_open", "the override expired", {});
  }
}

export { claimTurn, endOverride, writeClosed, writeForced, writeOpen };
