/** Decision events of a limit: few, however many requests there are. Only the owner emits them. */
import { integerText } from "../_core/text.ts";
import type { StoreValue } from "../_kit/ports.ts";
import type { LimitCell } from "./limit-cell.ts";
import type { Published } from "./published.ts";

/** A limit that changed by this share of what was last told … */
const MUCH = 0.2;
/** … is told, at most so often. */
const TELL_SECONDS = 5;
/** Shedding is over when nobody was shed for so long. */
const CALM_SECONDS = 5;

function inputs({ state, latencySeconds }: Published): Readonly<Record<string, StoreValue>> {
  return { limit: state.limit, latency_seconds: latencySeconds, baseline_seconds: state.baselineSeconds };
}

function emit(cell: LimitCell, from: string, to: string, reason: string, published: Published): void {
  cell.worker.events.emit({
    plugin: "adaptive-concurrency",
    subject: cell.id,
    from,
    to,
    reason,
    inputs: inputs(published),
  });
}

function hasPassed(sinceSeconds: number, seconds: number, now: number): boolean {
  // The clock may have been set back.
  return now - sinceSeconds >= seconds || now < sinceSeconds;
}

function tellLimit(cell: LimitCell, published: Published, now: number): void {
  const { told, state } = published;
  const limit = Math.floor(state.limit);
  if (Math.abs(limit - told.limit) >= told.limit * MUCH && hasPassed(told.limitAtSeconds, TELL_SECONDS, now)) {
    emit(cell, integerText(told.limit), integerText(limit), state.reason, published);
    told.limit = limit;
    told.limitAtSeconds = now;
  }
}

function tellShedding(cell: LimitCell, published: Published, shed: number, now: number): void {
  const { told } = published;
  if (shed > 0) {
    told.lastShedAtSeconds = now;
    if (!told.isShedding) {
      told.isShedding = true;
      emit(cell, "admitting", "shedding", "more requests at once than the limit allows", published);
    }
  } else if (told.isShedding && hasPassed(told.lastShedAtSeconds, CALM_SECONDS, now)) {
    told.isShedding = false;
    emit(cell, "shedding", "admitting", "every request found a place for 5 seconds", published);
  }
}

/** @param shed requests since the last call, in all workers; in shadow mode those that would have been */
export function tellChanges(cell: LimitCell, published: Published, shed: number, now: number): void {
  tellLimit(cell, published, now);
  tellShedding(cell, published, shed, now);
}
