/** What the end of a request says about the upstream, and how a worker tells the others. */
import type { Store } from "../_kit/ports.ts";
import type { Context } from "../_kit/context.ts";
import type { LimitCell } from "./limit-cell.ts";

const TOO_MANY_REQUESTS = 429;
/** nginx's status for a client that went away before the answer. */
const CLIENT_GONE = 499;
const SERVER_ERROR = 500;
const SERVICE_UNAVAILABLE = 503;

/** About so many latencies are read in an interval and worker; reading one costs as much as two operations on the dict. */
const WANTED_SAMPLES = 50;
const MAX_STRIDE = 16;

/**
 * A request that failed, or whose client left. It took at least as long as it did: that says something when it is longer than
 * is usual. What fails at once says nothing about how fast the upstream is.
 */
function observeFailed(cell: LimitCell, context: Context, status: number): void {
  const seconds = context.upstreamSeconds();
  if (seconds === undefined) {
    // The gateway or a plugin answered.
    return;
  }
  if (status === TOO_MANY_REQUESTS || status === SERVICE_UNAVAILABLE || context.upstreamFailed()) {
    if (status !== CLIENT_GONE) {
      cell.drops += 1;
    }
  }
  if (seconds > cell.meanSeconds) {
    cell.seconds += seconds;
    cell.samples += 1;
  }
}

/** Call it in log, for a request that had a place. */
export function observe(cell: LimitCell, context: Context): void {
  const status = context.status();
  if (status >= SERVER_ERROR || status === CLIENT_GONE || status === TOO_MANY_REQUESTS) {
    observeFailed(cell, context, status);
    return;
  }
  if (cell.skip > 0) {
    cell.skip -= 1;
    return;
  }
  cell.skip = cell.stride - 1;
  const seconds = context.upstreamSeconds();
  if (seconds !== undefined) {
    cell.seconds += seconds;
    cell.samples += 1;
  }
}

function add(store: Store, key: string, value: number): void {
  if (value > 0) {
    store.incr(key, value, 0, 0);
  }
}

/** Reads fewer latencies where there are many. */
function adaptStride(cell: LimitCell): void {
  const stride = Math.floor((cell.samples * cell.stride) / WANTED_SAMPLES);
  cell.stride = stride > MAX_STRIDE ? MAX_STRIDE : stride > 1 ? stride : 1;
}

/** Adds what this worker saw in an interval to what all have seen. */
export function flushObserved(cell: LimitCell): void {
  const { store, prefix, samples, maxInFlight } = cell;
  add(store, `${prefix}seconds`, cell.seconds);
  add(store, `${prefix}samples`, samples);
  add(store, `${prefix}drops`, cell.drops);
  add(store, `${prefix}back`, cell.turnedBack);
  add(store, `${prefix}shed`, cell.shed);
  if (maxInFlight > 0) {
    // Between the two another worker may write: then its peak counts, which was of the same interval.
    const known = store.get(`${prefix}peak`);
    if (typeof known !== "number" || known < maxInFlight) {
      store.set(`${prefix}peak`, maxInFlight);
    }
  }
  if (samples > 0) {
    cell.meanSeconds = cell.seconds / samples;
  }
  adaptStride(cell);
  cell.seconds = 0;
  cell.samples = 0;
  cell.drops = 0;
  cell.turnedBack = 0;
  cell.shed = 0;
  cell.maxInFlight = 0;
}
