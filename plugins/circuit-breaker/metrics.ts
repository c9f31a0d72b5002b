import type { EmitMetric } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import { readState } from "./adopt.ts";
import { stateName, type Cell, type StateName } from "./cell.ts";
import type { Settings } from "./settings.ts";
import { windowTotals } from "./totals.ts";

function stateNumber(name: StateName): number {
  if (name === "closed" || name === "forced_closed") {
    return 0;
  }
  return name === "half_open" ? 1 : 2;
}

function counter(store: Store, key: string): number {
  const value = store.get(key);
  return typeof value === "number" ? value : 0;
}

function emitTransitions(cell: Cell, emit: EmitMetric, to: StateName): void {
  const help = "Changes of a circuit breaker's state.";
  const labels = { breaker: cell.id, to };
  emit("gateway_breaker_transitions_total", "counter", help, labels, counter(cell.store, `${cell.prefix}to:${to}`));
}

/** How many requests an instance turned away, over all workers. */
function emitTurnedAway(settings: Settings, name: string, emit: EmitMetric): void {
  const labels = { breaker: name };
  const rejected = counter(settings.store, `${settings.prefix}rejected`);
  emit("gateway_breaker_rejected_total", "counter", "Requests turned away by a circuit breaker.", labels, rejected);
  const would = counter(settings.store, `${settings.prefix}would_reject`);
  const help = "Requests a circuit breaker in shadow mode would have turned away.";
  emit("gateway_breaker_would_reject_total", "counter", help, labels, would);
}

/** One breaker's metrics: counters of all workers, ratios as this worker sees its window. */
function emitCell(cell: Cell, emit: EmitMetric): void {
  const settings = cell.settings;
  const now = settings.host.clock.now();
  readState(cell, now);
  const labels = { breaker: cell.id };
  const state = stateNumber(stateName(cell, now));
  emit("gateway_breaker_state", "gauge", "0 closed, 1 half-open, 2 open (forced states included).", labels, state);
  emitTransitions(cell, emit, "open");
  emitTransitions(cell, emit, "half_open");
  emitTransitions(cell, emit, "closed");
  emitTransitions(cell, emit, "forced_open");
  emitTransitions(cell, emit, "forced_closed");
  const totals = windowTotals(cell);
  const calls = totals.calls > 0 ? totals.calls : 1;
  emit("gateway_breaker_window_calls", "gauge", "Calls in the window.", labels, totals.calls);
  const failures = "Failed calls in the window, as a share of all.";
  emit("gateway_breaker_failure_ratio", "gauge", failures, labels, totals.failures / calls);
  const slow = "Slow calls in the window, as a share of all.";
  emit("gateway_breaker_slow_ratio", "gauge", slow, labels, totals.slow / calls);
  const threshold = "The failure ratio that trips the breaker, as adapted to load.";
  emit("gateway_breaker_failure_threshold_ratio", "gauge", threshold, labels, settings.failurePercent / 100);
}

export { emitCell, emitTurnedAway };
