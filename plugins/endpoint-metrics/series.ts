/** What is counted for one combination of labels in this worker since the last flush. */

/** The labels of a series, as they were met. */
export interface SeriesLabels {
  readonly route: string;
  readonly method: string;
  /** `2xx` */
  readonly status: string;
  readonly upstream: string;
  /** The configured labels in Prometheus' text, escaped, each with a comma before it: `,tenant="a"`; "" when there are none. */
  readonly extra: string;
}

export interface Series {
  readonly labels: SeriesLabels;
  requests: number;
  /** Answers of 500 to 599. */
  errors: number;
  /** Sum of the durations. */
  seconds: number;
  /** Upper bounds of its buckets, in seconds, rising. */
  readonly bounds: readonly number[];
  /** Requests by bucket, not cumulative; one more than `bounds`: the last one is +Inf. */
  readonly buckets: number[];
  /** Requests that went to the upstream, their durations there. Estimates under load: see README.md. */
  upstreamRequests: number;
  upstreamSeconds: number;
  readonly upstreamBuckets: number[];
  requestBytes: number;
  responseBytes: number;
}

/**
 * Sees every series that was used since the last flush, before it is zeroed; then `done` once.
 * @noSelf
 */
export interface FlushObserver {
  series(series: Series): void;
  done(nowSeconds: number): void;
}
