/**
 * How a limit follows its upstream: every worker flushes what it saw, one of them, the owner, computes the next limit and
 * publishes it, and all put it in force. Nothing here runs in a request.
 *
 * The owner is claimed for each limit apart, and is not the node's keeper: on Kong and APISIX the keeper need not have met the
 * route.
 */
import { inForce, nextLimit } from "../_core/concurrency/next-limit.ts";
import { claimOwner } from "./owner-claim.ts";
import type { LimitCell } from "./limit-cell.ts";
import { tellChanges } from "./limit-events.ts";
import { flushObserved } from "./observe.ts";
import { sharePlaces } from "./priority.ts";
import { parsePublished, publishedText, readPublished, type Published } from "./published.ts";

/** With fewer requests a mean says little (Netflix' WindowedLimit: 10): they are kept for the next interval. */
const MIN_SAMPLES = 10;

function counterAt(cell: LimitCell, name: string): number {
  const value = cell.store.get(cell.prefix + name);
  return typeof value === "number" ? value : 0;
}

/** What a counter has gained; one that was pushed out of the dict began anew. */
function gain(present: number, seen: number): number {
  return present >= seen ? present - seen : present;
}

/** One more step, if there is enough to judge by. */
function step(cell: LimitCell, published: Published, now: number): void {
  const { seen } = published;
  const samples = counterAt(cell, "samples");
  const drops = counterAt(cell, "drops");
  const count = gain(samples, seen.samples);
  const dropped = gain(drops, seen.drops);
  if (count + dropped < MIN_SAMPLES) {
    return;
  }
  const seconds = counterAt(cell, "seconds");
  const back = counterAt(cell, "back");
  const mean = count > 0 ? gain(seconds, seen.seconds) / count : 0;
  const sample = {
    seconds: mean,
    count,
    maxInFlight: counterAt(cell, "peak"),
    drops: dropped,
    limited: gain(back, seen.back) > 0,
  };
  cell.store.set(`${cell.prefix}peak`, 0);
  published.state = nextLimit(cell.settings, published.state, sample, now);
  published.latencySeconds = count > 0 ? mean : published.latencySeconds;
  seen.samples = samples;
  seen.drops = drops;
  seen.seconds = seconds;
  seen.back = back;
}

function own(cell: LimitCell, now: number): void {
  const published = readPublished(cell);
  const shed = counterAt(cell, "shed");
  const newlyShed = gain(shed, published.seen.shed);
  published.seen.shed = shed;
  step(cell, published, now);
  tellChanges(cell, published, newlyShed, now);
  const text = publishedText(cell, published);
  if (text !== cell.stateText) {
    cell.store.set(`${cell.prefix}state`, text);
  }
}

/** Puts in force what is published. */
export function adoptLimit(cell: LimitCell): void {
  const text = cell.store.get(`${cell.prefix}state`);
  if (typeof text !== "string" || text === cell.stateText) {
    return;
  }
  cell.stateText = text;
  const { limit, others } = inForce(cell.settings, parsePublished(cell, text).state);
  cell.limit = limit;
  cell.others = others;
  sharePlaces(cell.priorities, limit, others);
}

/** Each interval, in every worker; several instances may call it for the same limit. */
export function steer(cell: LimitCell): void {
  const now = cell.worker.clock.now();
  const interval = cell.config.interval_seconds;
  const since = now - cell.tickedAtSeconds;
  if (since >= 0 && since < interval / 2) {
    return;
  }
  cell.tickedAtSeconds = now;
  flushObserved(cell);
  if (claimOwner(cell.worker, cell.store, `${cell.prefix}owner`, 3 * interval)) {
    own(cell, now);
  }
  adoptLimit(cell);
}
