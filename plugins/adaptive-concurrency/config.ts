/** The configuration with its defaults filled in; `manifest.ts` declares it, and a test holds the two together. */
export interface Config {
  readonly algorithm: "gradient2" | "vegas" | "aimd";
  readonly limit: { readonly initial: number; readonly min: number; readonly max: number };
  readonly scope: "route" | "upstream";
  readonly priorities: PrioritiesConfig;
  readonly queue: { readonly depth: number; readonly timeout_seconds: number };
  /** AIMD only: a mean time above this is a sign of overload, beside errors. */
  readonly latency_seconds?: number;
  readonly interval_seconds: number;
  readonly reject: { readonly status: number; readonly body: string };
}

export interface PrioritiesConfig {
  /** `header:N`, or `consumer`. */
  readonly by: string;
  /** The priority of requests that say none, or one that is not in `shares`. */
  readonly default: string;
  /** Percent of the limit that is open to a priority: what is above it is kept for those with a larger share. */
  readonly shares: Readonly<Record<string, number>>;
}
