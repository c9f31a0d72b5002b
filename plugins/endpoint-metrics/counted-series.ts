import { integerText } from "../_core/text.ts";
import type { Series, SeriesLabels } from "./series.ts";
import { escapedLabel } from "../_core/label-text.ts";
import type { Identity, Slot } from "./slot-keys.ts";

/** A series as the request path and the flush see it. `requests` and `errors` are filled in at the flush only. */
export interface CountedSeries extends Series {
  readonly identity: Identity;
  /** Where its requests are counted when there is no room for it; the last one of all has none. */
  readonly fallback: ((this: void) => CountedSeries) | undefined;
  /** Where it is found by its configured labels, if it has any: it is taken out there when it is idle, or has no room. */
  readonly home: Record<string, CountedSeries | undefined> | undefined;
  usedSeconds: number;
  /** Answers of 500 to 599 make errors: known of the whole series, but not of `other`. */
  readonly failing: boolean;
  /** Where it is kept in the dict; undefined until the first flush, and after it was lost. */
  slot: Slot | undefined;
  /** In the list of series to flush. */
  used: boolean;
  /** So many requests go by until the next one is sampled. */
  skip: number;
  /** One request in so many is sampled, … */
  stride: number;
  /** … and so many of its block come after it. */
  rest: number;
  /** Whether a trace was looked for since the last flush. */
  traced: boolean;
  traceparent: string | undefined;
  tracedSeconds: number;
  tracedBucket: number;
  tracedAt: number;
}

function zeros(count: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < count; i++) {
    list.push(0);
  }
  return list;
}

/** The labels of a series in Prometheus' text; the configured ones come last. */
export function labelText({ route, method, status, upstream, extra }: SeriesLabels): string {
  const from = escapedLabel(route);
  const to = escapedLabel(upstream);
  return `method="${method}",route="${from}",status="${status}",upstream="${to}"${extra}`;
}

export function newSeries(
  labels: SeriesLabels,
  identity: Identity,
  fallback: CountedSeries["fallback"],
  home: CountedSeries["home"],
): CountedSeries {
  const buckets = identity.bounds.length + 1;
  return {
    labels,
    requests: 0,
    errors: 0,
    seconds: 0,
    bounds: identity.bounds,
    buckets: zeros(buckets),
    upstreamRequests: 0,
    upstreamSeconds: 0,
    upstreamBuckets: zeros(buckets),
    requestBytes: 0,
    responseBytes: 0,
    identity,
    fallback,
    home,
    usedSeconds: 0,
    failing: labels.status === "5xx",
    slot: undefined,
    used: false,
    skip: 0,
    stride: 1,
    rest: 0,
    traced: false,
    traceparent: undefined,
    tracedSeconds: 0,
    tracedBucket: 0,
    tracedAt: 0,
  };
}

/** `2xx`; what is no status of HTTP is `other`. */
export function statusClass(hundreds: number): string {
  return hundreds >= 1 && hundreds <= 5 ? `${integerText(hundreds)}xx` : "other";
}

const METHODS: Readonly<Record<string, boolean | undefined>> = {
  GET: true,
  HEAD: true,
  POST: true,
  PUT: true,
  DELETE: true,
  CONNECT: true,
  OPTIONS: true,
  TRACE: true,
  PATCH: true,
};

/** Methods as clients invent them would be labels without bound. */
export function methodLabel(method: string): string {
  return METHODS[method] === true ? method : "OTHER";
}

/** Fills in what is not counted in the request path. */
export function sumUp(series: CountedSeries): void {
  let requests = 0;
  for (const count of series.buckets) {
    requests += count;
  }
  series.requests = requests;
  if (series.failing) {
    series.errors = requests;
  }
  let upstreamRequests = 0;
  for (const count of series.upstreamBuckets) {
    upstreamRequests += count;
  }
  series.upstreamRequests = upstreamRequests;
}

function clear(list: number[]): void {
  for (let i = 0; i < list.length; i++) {
    list[i] = 0;
  }
}

/** After a flush. */
export function reset(series: CountedSeries): void {
  clear(series.buckets);
  clear(series.upstreamBuckets);
  series.requests = 0;
  series.errors = 0;
  series.seconds = 0;
  series.upstreamRequests = 0;
  series.upstreamSeconds = 0;
  series.requestBytes = 0;
  series.responseBytes = 0;
  series.traced = false;
  series.traceparent = undefined;
  series.used = false;
}

function addAll(to: number[], from: readonly number[]): void {
  for (let i = 0; i < from.length; i++) {
    to[i] = (to[i] ?? 0) + (from[i] ?? 0);
  }
}

/** Counts what `from` has counted in `to`, which has the same buckets or more. Call `sumUp` on `from` before. */
export function fold(from: CountedSeries, to: CountedSeries): void {
  addAll(to.buckets, from.buckets);
  addAll(to.upstreamBuckets, from.upstreamBuckets);
  to.seconds += from.seconds;
  to.errors += from.errors;
  to.upstreamSeconds += from.upstreamSeconds;
  to.requestBytes += from.requestBytes;
  to.responseBytes += from.responseBytes;
}
