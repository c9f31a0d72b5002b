import { escapedLabel } from "../../_core/label-text.ts";
import { decimalText } from "../../_core/decimal-text.ts";
import { integerText } from "../../_core/text.ts";
import type { Exposition, ExpositionSink } from "../../_kit/handlers.ts";
import type { Store } from "../../_kit/ports.ts";
import { FAILURE_REASONS } from "./failure-reason.ts";

/** The keys of what all workers know of a Redis. @param label `host:port/database` */
export interface RedisKeys {
  /** There while some worker cannot use it: since when, in the clock's seconds. */
  readonly lost: string;
  /** When it was last found to have come back, maybe without its memory. */
  readonly back: string;
  /** Begins the counters by reason. */
  readonly errors: string;
  readonly seconds: string;
  readonly count: string;
}

export function redisKeys(label: string): RedisKeys {
  const own = `rl:redis:${label}:`;
  return {
    lost: `${own}lost`,
    back: `${own}back`,
    errors: `${own}errors:`,
    seconds: `${own}seconds`,
    count: `${own}count`,
  };
}

export function figureAt(store: Store, key: string): number {
  const value = store.get(key);
  return typeof value === "number" ? value : 0;
}

function begin(sink: ExpositionSink, family: string, type: string, help: string): void {
  const isOpenCounter = sink.openMetrics && type === "counter";
  const name = isOpenCounter ? family : type === "counter" ? `${family}_total` : family;
  sink.write(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`);
}

/** What all workers know of each Redis. @param labels of those that this worker knows, each once */
export function redisExposition(store: Store, labels: readonly string[]): Exposition {
  const up = "gateway_rate_limit_redis_up";
  const errors = "gateway_rate_limit_redis_errors";
  const seconds = "gateway_rate_limit_redis_seconds";

  function writeErrors(sink: ExpositionSink, label: string): void {
    for (const reason of FAILURE_REASONS) {
      const count = figureAt(store, redisKeys(label).errors + reason);
      if (count > 0) {
        sink.write(`${errors}_total{redis="${escapedLabel(label)}",reason="${reason}"} ${integerText(count)}\n`);
      }
    }
  }

  return {
    write: (sink) => {
      begin(sink, up, "gauge", "1 while Redis decides about limits, 0 while a worker of this gateway cannot use it.");
      for (const label of labels) {
        const value = store.get(redisKeys(label).lost) === undefined ? "1" : "0";
        sink.write(`${up}{redis="${escapedLabel(label)}"} ${value}\n`);
      }
      begin(sink, errors, "counter", "Requests and looks that Redis did not answer as it should, by reason.");
      for (const label of labels) {
        writeErrors(sink, label);
      }
      begin(sink, seconds, "summary", "How long Redis took to decide.");
      for (const label of labels) {
        const keys = redisKeys(label);
        const named = `{redis="${escapedLabel(label)}"}`;
        sink.write(`${seconds}_sum${named} ${decimalText(figureAt(store, keys.seconds))}\n`);
        sink.write(`${seconds}_count${named} ${integerText(figureAt(store, keys.count))}\n`);
      }
    },
  };
}
