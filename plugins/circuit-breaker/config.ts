import type { Criticality } from "../_core/adapted-threshold.ts";

/** The configuration with its defaults filled in; `manifest.ts` declares it, and a test holds the two together. */
export interface Config {
  readonly scope: "route" | "upstream" | "peer";
  readonly window: { readonly type: "time" | "count"; readonly seconds: number; readonly calls: number };
  readonly minimum_calls: number;
  readonly failure_rate: number;
  readonly failure_statuses: readonly string[];
  readonly slow_call: { readonly seconds: number; readonly rate: number };
  readonly open: {
    readonly seconds: number;
    readonly multiplier: number;
    readonly max_seconds: number;
    readonly jitter: number;
  };
  readonly half_open: { readonly calls: number; readonly timeout_seconds: number };
  readonly recovery_seconds: number;
  readonly adapt: { readonly criticality: Criticality; readonly pressure: boolean };
  readonly fallback: Fallback;
}

export interface Fallback {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly redirect?: string;
  readonly upstream?: string;
}
