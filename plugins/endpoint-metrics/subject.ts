import { integerText } from "../_core/text.ts";
import type { Store } from "../_kit/ports.ts";
import type { Series } from "./series.ts";

/** A route or an upstream, over all its series. What is not yet in the dict is counted here. */
export interface Subject {
  /** `route:users`, `upstream:users`: its requests and errors are kept under it. */
  readonly id: string;
  /** Of its buckets and samples: `id` and what tells its bounds from those of another configuration. */
  readonly key: string;
  readonly bounds: readonly number[];
  requests: number;
  errors: number;
  readonly counts: number[];
  /** So many instances want it. */
  holders: number;
}

/** Counters nobody renews are forgotten: those of routes that are gone, or had other buckets. Renewed by `History`. */
export const COUNTER_TTL_SECONDS = 172800;

/** Keys of the counters in the dict, which all workers add to. Requests and errors do not depend on the bounds. */
export function requestsKey({ id }: Subject): string {
  return `t:${id}:n`;
}

export function errorsKey({ id }: Subject): string {
  return `t:${id}:e`;
}

export function bucketKey({ key }: Subject, bucket: number): string {
  return `t:${key}:${integerText(bucket)}`;
}

/** Two configurations whose buckets differ must not add to the same counters. */
export function keyOf(id: string, bounds: readonly number[]): string {
  let sum = bounds.length;
  for (let i = 0; i < bounds.length; i++) {
    sum += Math.floor((bounds[i] ?? 0) * 10000 + 0.5) * (i + 1);
  }
  return `${id}:${integerText(sum)}`;
}

/**
 * A series of the subject's own bounds, or of others: then each bucket goes into the one that holds its upper bound, and the
 * last one into the one above its lower bound.
 */
export function add(subject: Subject, series: Series): void {
  subject.requests += series.requests;
  subject.errors += series.errors;
  const { bounds, counts } = subject;
  const last = series.bounds.length;
  const highest = series.bounds[last - 1] ?? 0;
  let at = 0;
  for (let i = 0; i < series.buckets.length; i++) {
    const upper = i < last ? (series.bounds[i] ?? 0) : highest;
    while (at < bounds.length && ((bounds[at] ?? 0) < upper || (i >= last && bounds[at] === highest))) {
      at += 1;
    }
    counts[at] = (counts[at] ?? 0) + (series.buckets[i] ?? 0);
  }
}

/** Adds what was counted to the dict. */
export function publish(subject: Subject, store: Store): void {
  if (subject.requests === 0) {
    return;
  }
  store.incr(requestsKey(subject), subject.requests, 0, COUNTER_TTL_SECONDS);
  if (subject.errors > 0) {
    store.incr(errorsKey(subject), subject.errors, 0, COUNTER_TTL_SECONDS);
  }
  for (let i = 0; i < subject.counts.length; i++) {
    const count = subject.counts[i] ?? 0;
    if (count > 0) {
      store.incr(bucketKey(subject, i), count, 0, COUNTER_TTL_SECONDS);
      subject.counts[i] = 0;
    }
  }
  subject.requests = 0;
  subject.errors = 0;
}

export function newSubject(id: string, bounds: readonly number[]): Subject {
  const counts: number[] = [];
  for (let i = 0; i <= bounds.length; i++) {
    counts.push(0);
  }
  return { id, key: keyOf(id, bounds), bounds, requests: 0, errors: 0, counts, holders: 0 };
}

/** Which of two with the same id is counted in. */
export function isBefore(one: Subject, other: Subject): boolean {
  const more = one.bounds.length - other.bounds.length;
  return more > 0 || (more === 0 && one.key > other.key);
}
