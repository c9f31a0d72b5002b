import { bucketOf, newBucketIndex } from "../_core/bucket-index.ts";
import type { Context } from "../_kit/context.ts";
import type { Host } from "../_kit/handlers.ts";
import type { Config } from "./config.ts";
import { methodLabel, statusClass, type CountedSeries } from "./counted-series.ts";
import { enter, leave } from "./in-flight.ts";
import { nextSample } from "./sampling.ts";
import type { Shared } from "./shared.ts";

/** By the hundreds of the status. */
type ByStatus = Record<number, CountedSeries | undefined>;
type ByMethod = Record<string, ByStatus | undefined>;

/** @noSelf */
export interface Counting {
  access(context: Context): undefined;
  log(context: Context): void;
}

/** Counts the requests of one place. */
export function counting(config: Config, host: Host, shared: Shared): Counting {
  const { route, upstream } = host.place;
  const { clock, random } = host;
  const { underWay, pending } = shared;
  const born = clock.now();
  const gauge = shared.gauge(route, upstream);
  const index = newBucketIndex(config.buckets);
  const own: ByMethod = {};
  const others: Record<string, ByMethod | undefined> = {};
  shared.raise(config.max_series);

  function methodsOf(elsewhere: string): ByMethod {
    const present = others[elsewhere] ?? {};
    others[elsewhere] = present;
    return present;
  }

  function newRow(methods: ByMethod, method: string): ByStatus {
    const label = methodLabel(method);
    const row = methods[label] ?? {};
    methods[label] = row;
    return row;
  }

  function make(row: ByStatus, method: string, hundreds: number, to: string): CountedSeries {
    const labels = { route, method: methodLabel(method), status: statusClass(hundreds), upstream: to, extra: "" };
    const series = shared.series(labels, config.buckets, born, config.idle_seconds);
    row[hundreds] = series;
    return series;
  }

  /** What is dear to read. */
  function sample(context: Context, series: CountedSeries): void {
    const weight = series.stride;
    series.requestBytes += weight * context.requestBytes();
    series.responseBytes += weight * context.responseBytes();
    const seconds = context.upstreamSeconds();
    if (seconds !== undefined) {
      const bucket = bucketOf(index, seconds);
      series.upstreamBuckets[bucket] = (series.upstreamBuckets[bucket] ?? 0) + weight;
      series.upstreamSeconds += weight * seconds;
    }
    nextSample(series, random.next());
  }

  return {
    access: (context) => {
      enter(underWay, context.handle(), gauge);
      return undefined;
    },
    log: (context) => {
      leave(underWay, context.handle());
      const elsewhere = context.routedTo();
      const methods = elsewhere === undefined ? own : methodsOf(elsewhere);
      const method = context.method();
      const row = methods[method] ?? newRow(methods, method);
      const hundreds = Math.floor(context.status() / 100);
      const series = row[hundreds] ?? make(row, method, hundreds, elsewhere ?? upstream);
      const seconds = clock.now() - context.startSeconds();
      const bucket = bucketOf(index, seconds);
      series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
      series.seconds += seconds;
      if (!series.used) {
        series.used = true;
        pending.used.push(series);
      }
      if (series.skip > 0) {
        series.skip -= 1;
      } else {
        sample(context, series);
      }
    },
  };
}
