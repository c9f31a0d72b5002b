import { callsOf, failuresOf, slowOf } from "../_core/packed-counts.ts";
import { integerText } from "../_core/text.ts";
import { judgeProbes, mayProbe } from "../_core/trip-rule.ts";
import { readState } from "./adopt.ts";
import { leaseKey, type Cell } from "./cell.ts";
import { claimTurn, writeClosed, writeOpen } from "./transitions.ts";

/** One request let through a half-open breaker to try the upstream. */
export interface Probe {
  readonly cell: Cell;
  readonly generation: number;
  readonly leasedAt: number;
  /** Peer scope: the request has been sent to the probed peer; a retry goes elsewhere. */
  sent: boolean;
}

/** Results of a half-open phase without any traffic are forgotten after so long. */
const RESULTS_TTL_SECONDS = 3600;
/** A lease this close to its end is left to expire: giving it back might take one that was granted after it. */
const LEASE_MARGIN = 0.1;

function resultsKey(cell: Cell, generation: number): string {
  return `${cell.prefix}probe:${integerText(generation)}`;
}

function readCount(cell: Cell, key: string): number {
  const value = cell.store.get(key);
  return typeof value === "number" ? value : 0;
}

/** Makes the transition that the results of the probes call for, if any. */
function judge(cell: Cell, now: number, results: number): void {
  const settings = cell.settings;
  const completed = callsOf(results);
  const failures = failuresOf(results);
  const slow = slowOf(results);
  const budget = settings.config.half_open.calls;
  const verdict = judgeProbes(completed, failures, slow, budget, settings.failurePercent, settings.slowPercent);
  if (verdict === "wait" || !claimTurn(cell, now)) {
    return;
  }
  const inputs = { calls: completed, failures, slow_calls: slow, failure_threshold: settings.failurePercent };
  if (verdict === "open") {
    writeOpen(cell, now, cell.state.attempt + 1, "the probes failed", inputs);
  } else {
    writeClosed(cell, now, true, "the probes went well", inputs);
  }
}

/** Tells once that the breaker is half-open: it becomes so by the time alone. */
function announce(cell: Cell): void {
  const generation = cell.state.generation;
  if (cell.announced === generation) {
    return;
  }
  cell.announced = generation;
  if (!cell.store.add(`${cell.prefix}half:${integerText(generation)}`, 1, RESULTS_TTL_SECONDS)) {
    return;
  }
  cell.store.incr(`${cell.prefix}to:half_open`, 1, 0, 0);
  cell.settings.host.events.emit({
    plugin: "circuit-breaker",
    subject: cell.id,
    from: "open",
    to: "half_open",
    reason: "the open time is over",
    inputs: { attempt: cell.state.attempt, probes: cell.settings.config.half_open.calls },
  });
}

/**
 * Asks for a lease of the half-open budget; undefined when none is free. The leases in flight are one counter that
 * dies `timeout_seconds` after the last grant: a probe that is lost holds its lease no longer.
 */
function leaseProbe(cell: Cell, now: number): Probe | undefined {
  const store = cell.store;
  const halfOpen = cell.settings.config.half_open;
  const generation = cell.state.generation;
  const leases = leaseKey(cell, generation);
  const results = resultsKey(cell, generation);
  const before = readCount(cell, results);
  if (callsOf(before) >= halfOpen.calls) {
    // Enough results, and yet no transition: whoever should have made it is gone.
    judge(cell, now, before);
    return undefined;
  }
  if (!mayProbe(readCount(cell, leases) + 1, callsOf(before), halfOpen.calls)) {
    return undefined;
  }
  // First a longer life, then the count: a counter that died in between would forget this lease.
  store.expire(leases, halfOpen.timeout_seconds);
  const inFlight = store.incr(leases, 1, 0, halfOpen.timeout_seconds);
  if (inFlight === undefined) {
    return undefined;
  }
  // A probe that ends adds its result before it gives its lease back: the sum is never too low.
  if (!mayProbe(inFlight, callsOf(readCount(cell, results)), halfOpen.calls)) {
    store.incr(leases, -1, 0, halfOpen.timeout_seconds);
    return undefined;
  }
  // A transition takes the counters away: a lease counted after that would be counted apart from the others.
  readState(cell, now);
  if (cell.state.generation !== generation) {
    store.remove(leases);
    return undefined;
  }
  announce(cell);
  return { cell, generation, leasedAt: now, sent: false };
}

function giveBack(probe: Probe, now: number): void {
  const cell = probe.cell;
  const timeout = cell.settings.config.half_open.timeout_seconds;
  const age = now - probe.leasedAt;
  if (age < 0 || age >= timeout * (1 - LEASE_MARGIN)) {
    return;
  }
  const key = leaseKey(cell, probe.generation);
  const left = cell.store.incr(key, -1, 0, timeout);
  // The counter was lost: what is below nothing would be room for probes too many.
  if (left !== undefined && left < 0) {
    cell.store.incr(key, 1, 0, timeout);
  }
}

/**
 * Ends a probe.
 * @param delta its outcome as packed counts of one call; 0 when it has none
 */
function settleProbe(probe: Probe, now: number, delta: number): void {
  const cell = probe.cell;
  readState(cell, now);
  if (cell.state.generation !== probe.generation || cell.state.kind !== "open") {
    return;
  }
  if (delta === 0) {
    giveBack(probe, now);
    return;
  }
  const key = resultsKey(cell, probe.generation);
  const results = cell.store.incr(key, delta, 0, RESULTS_TTL_SECONDS);
  cell.store.expire(key, RESULTS_TTL_SECONDS);
  giveBack(probe, now);
  if (results !== undefined) {
    judge(cell, now, results);
  }
}

export { leaseProbe, settleProbe };
