import { bucketOf, newBucketIndex } from "../_core/bucket-index.ts";
import type { Context } from "../_kit/context.ts";
import type { Host } from "../_kit/handlers.ts";
import type { Config } from "./config.ts";
import type { CountedSeries } from "./counted-series.ts";
import { enter, leave } from "./in-flight.ts";
import type { LabelReader } from "./labels.ts";
import { nextSample } from "./sampling.ts";
import { createSeriesTables } from "./series-tables.ts";
import type { Shared } from "./shared.ts";

/** @noSelf */
export interface Counting {
  access(context: Context): undefined;
  log(context: Context): void;
  /** The instance is used no more. */
  end(): void;
}

/**
 * Counts the requests of one place. Nothing here touches the dict, and without configured labels no text is made.
 * @param reader gives the configured labels; undefined when there are none
 * @param names theirs, sorted
 */
export function counting(
  config: Config,
  host: Host,
  shared: Shared,
  reader: LabelReader | undefined,
  names: readonly string[],
): Counting {
  const { route, upstream } = host.place;
  const { clock, random } = host;
  const { underWay, pool } = shared;
  const { exemplars } = config;
  const gauge = shared.gauges.gauge(route, upstream, config.idle_seconds);
  const index = newBucketIndex(config.buckets);
  const tables = createSeriesTables(route, config, names, pool, clock.now());
  const own = tables.methods(upstream);

  /** What is dear to read. */
  function sample(context: Context, series: CountedSeries, seconds: number, bucket: number): void {
    const weight = series.stride;
    series.requestBytes += weight * context.requestBytes();
    series.responseBytes += weight * context.responseBytes();
    const upstreamSeconds = context.upstreamSeconds();
    if (upstreamSeconds !== undefined) {
      const at = bucketOf(index, upstreamSeconds);
      series.upstreamBuckets[at] = (series.upstreamBuckets[at] ?? 0) + weight;
      series.upstreamSeconds += weight * upstreamSeconds;
    }
    if (exemplars && !series.traced) {
      series.traced = true;
      series.traceparent = context.header("traceparent");
      series.tracedSeconds = seconds;
      series.tracedBucket = bucket;
      series.tracedAt = clock.now();
    }
    nextSample(series, random.next());
  }

  function count(context: Context, series: CountedSeries): void {
    const elapsed = clock.now() - context.startSeconds();
    // A clock that was set back in between: the time is not known, and a counter must not fall.
    const seconds = elapsed > 0 ? elapsed : 0;
    const bucket = bucketOf(index, seconds);
    series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
    series.seconds += seconds;
    if (!series.used) {
      pool.use(series);
    }
    if (series.skip > 0) {
      series.skip -= 1;
    } else {
      sample(context, series, seconds, bucket);
    }
  }

  function logPlain(context: Context): void {
    leave(underWay, context.handle());
    const elsewhere = context.routedTo();
    const methods = elsewhere === undefined ? own : tables.methods(elsewhere);
    const method = context.method();
    const row = methods[method] ?? tables.row(methods, method);
    const hundreds = Math.floor(context.status() / 100);
    const series = row[hundreds] ?? tables.make(row, method, hundreds, elsewhere ?? upstream);
    count(context, series);
  }

  function logLabelled(context: Context, labels: LabelReader): void {
    leave(underWay, context.handle());
    const extra = labels.extra(context);
    const hundreds = Math.floor(context.status() / 100);
    count(context, tables.labelled(context.routedTo() ?? upstream, context.method(), hundreds, extra));
  }

  function accessPlain(context: Context): undefined {
    enter(underWay, context.handle(), gauge);
    return undefined;
  }

  function end(): void {
    shared.gauges.release(gauge);
  }

  if (reader === undefined) {
    return { access: accessPlain, log: logPlain, end };
  }
  return {
    access: (context) => {
      reader.access(context);
      accessPlain(context);
      return undefined;
    },
    log: (context) => {
      logLabelled(context, reader);
    },
    end,
  };
}
