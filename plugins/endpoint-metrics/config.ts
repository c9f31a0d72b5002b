/** The configuration with its defaults filled in; `manifest.ts` declares it, and a test holds the two together. */
export interface Config {
  /** Upper bounds in seconds, rising. */
  readonly buckets: readonly number[];
  /** Label name to where its value comes from: `header:N`, `query:N`, `path:N` or `body:FIELD`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly label_values: LabelValues;
  readonly max_series: number;
  readonly idle_seconds: number;
  readonly exemplars: boolean;
  readonly tokens: "off" | "openai";
  readonly push: { readonly statsd?: Statsd };
  readonly autoscale?: Autoscale;
}

export interface LabelValues {
  readonly max_length: number;
  readonly max_values: number;
  /** By label: every other value is `other`. */
  readonly allow: Readonly<Record<string, readonly string[]>>;
}

export interface Statsd {
  readonly address: string;
  readonly flavor: "statsd" | "dogstatsd";
  readonly interval_seconds: number;
  readonly prefix: string;
  readonly mtu_bytes: number;
}

export interface Autoscale {
  readonly metric: "rps" | "in_flight" | "latency_p99";
  /** Of one replica; seconds for latency_p99. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
  readonly tolerance: number;
  readonly window_seconds: number;
  readonly scale_up_stabilization_seconds: number;
  readonly scale_down_stabilization_seconds: number;
  readonly cooldown_seconds: number;
  readonly replicas?: number;
}
