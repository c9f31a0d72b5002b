import { integerText } from "../_core/text.ts";
import type { Store } from "../_kit/ports.ts";
import type { FlushObserver, Series } from "./series.ts";

/** A route or an upstream, over all its series. What is not yet in the dict is counted here. */
export interface Subject {
  /** `route:users`, `upstream:users` */
  readonly id: string;
  /** Of its counters and samples: `id` and what tells its buckets from those of another configuration. */
  readonly key: string;
  readonly bounds: readonly number[];
  requests: number;
  errors: number;
  readonly counts: number[];
}

/** @noSelf */
export interface Totals extends FlushObserver {
  /** Begins to count `id`; the last call's bounds hold. */
  watch(id: string, bounds: readonly number[]): Subject;
  subjects(): readonly Subject[];
}

/** Keys of the counters in the dict, which all workers add to. */
export function requestsKey(key: string): string {
  return `t:${key}:n`;
}

export function errorsKey(key: string): string {
  return `t:${key}:e`;
}

export function bucketKey(key: string, bucket: number): string {
  return `t:${key}:${integerText(bucket)}`;
}

/** Two configurations whose buckets differ must not add to the same counters. */
function fingerprint(bounds: readonly number[]): string {
  let sum = bounds.length;
  for (let i = 0; i < bounds.length; i++) {
    sum += Math.floor((bounds[i] ?? 0) * 10000 + 0.5) * (i + 1);
  }
  return integerText(sum);
}

function addSeries(subject: Subject, series: Series): void {
  subject.requests += series.requests;
  subject.errors += series.errors;
  const last = subject.counts.length - 1;
  for (let i = 0; i < series.buckets.length; i++) {
    // A route of other bounds than the upstream's first one: nothing is lost, if in the wrong bucket.
    const at = i < last ? i : last;
    subject.counts[at] = (subject.counts[at] ?? 0) + (series.buckets[i] ?? 0);
  }
}

function publish(subject: Subject, store: Store): void {
  if (subject.requests === 0) {
    return;
  }
  store.incr(requestsKey(subject.key), subject.requests, 0, 0);
  if (subject.errors > 0) {
    store.incr(errorsKey(subject.key), subject.errors, 0, 0);
  }
  for (let i = 0; i < subject.counts.length; i++) {
    const count = subject.counts[i] ?? 0;
    if (count > 0) {
      store.incr(bucketKey(subject.key, i), count, 0, 0);
      subject.counts[i] = 0;
    }
  }
  subject.requests = 0;
  subject.errors = 0;
}

/** Sums of the series by route and by upstream: what windows, the status page and autoscaling need, at few keys. */
export function createTotals(store: Store): Totals {
  const list: Subject[] = [];
  const byId: Record<string, Subject | undefined> = {};
  return {
    watch: (id, bounds) => {
      const present = byId[id];
      const key = `${id}:${fingerprint(bounds)}`;
      if (present !== undefined && present.key === key) {
        return present;
      }
      const counts: number[] = [];
      for (let i = 0; i <= bounds.length; i++) {
        counts.push(0);
      }
      const subject = { id, key, bounds, requests: 0, errors: 0, counts };
      byId[id] = subject;
      list.push(subject);
      return subject;
    },
    subjects: () => list,
    series: (series) => {
      const route = byId[`route:${series.labels.route}`];
      if (route !== undefined) {
        addSeries(route, series);
      }
      const upstream = byId[`upstream:${series.labels.upstream}`];
      if (upstream !== undefined) {
        addSeries(upstream, series);
      }
    },
    done: () => {
      for (const subject of list) {
        publish(subject, store);
      }
    },
  };
}
