/**
 * What plugins remember from one phase of a request to a later one, over ngx.ctx. Reading ngx.ctx costs about 1,600
 * instructions, so it is touched only while some request of this worker has something remembered: `live` counts
 * them, and is nearly always 0.
 */

interface Memory {
  [key: string]: unknown;
}

/** The one field of ngx.ctx that is ours. */
const FIELD = "autoscale";

let live = 0;
/** A request's memory on its way through an internal redirect, which empties ngx.ctx. */
let carried: Memory | undefined;

function memory(): Memory | undefined {
  return ngx.ctx[FIELD] as Memory | undefined;
}

function remember(key: string, value: unknown): void {
  let present = memory();
  if (present === undefined) {
    present = {};
    ngx.ctx[FIELD] = present;
    live += 1;
  }
  present[key] = value;
}

function recall(key: string): unknown {
  if (live === 0) {
    return undefined;
  }
  const present = memory();
  return present === undefined ? undefined : present[key];
}

/** Call at the end of log, the last phase: the request needs its memory no more. */
function forget(): void {
  if (live > 0 && memory() !== undefined) {
    live -= 1;
  }
}

/** Just before an internal redirect. Nothing else runs in the worker until `unpack`: nginx goes there in one call. */
function pack(): void {
  carried = live > 0 ? memory() : undefined;
}

/** First thing after the redirect. */
function unpack(): void {
  if (carried !== undefined) {
    ngx.ctx[FIELD] = carried;
    carried = undefined;
  }
}

export { forget, pack, recall, remember, unpack };
