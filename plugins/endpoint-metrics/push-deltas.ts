import type { Statsd } from "./config.ts";
import type { Series } from "./series.ts";
import { subjectOf, writeCount, writeDurations, type Subject, type TakeLine } from "./statsd-lines.ts";
import { labelPairs, type Pair } from "../_core/statsd-text.ts";

interface SeriesDelta {
  readonly subject: Subject;
  readonly bounds: readonly number[];
  requests: number;
  errors: number;
  seconds: number;
  upstreamSeconds: number;
  requestBytes: number;
  responseBytes: number;
  readonly buckets: number[];
  readonly upstreamBuckets: number[];
}

interface TokenDelta {
  readonly prompt: Subject;
  readonly completion: Subject;
  promptTokens: number;
  completionTokens: number;
}

/**
 * What was counted since it was last told.
 * @noSelf
 */
export interface Deltas {
  add(series: Series, bounds: readonly number[]): void;
  addTokens(route: string, upstream: string, extra: string, promptTokens: number, completionTokens: number): void;
  /** Tells all as lines and begins anew. */
  drain(take: TakeLine): void;
}

function addCounts(sums: number[], counts: readonly number[], buckets: number): void {
  for (let i = 0; i < counts.length; i++) {
    // A series of an older configuration may have more buckets.
    const at = i < buckets ? i : buckets - 1;
    sums[at] = (sums[at] ?? 0) + (counts[i] ?? 0);
  }
}

function zeros(count: number): number[] {
  const list: number[] = [];
  for (let i = 0; i < count; i++) {
    list.push(0);
  }
  return list;
}

function seriesPairs({ labels }: Series): readonly Pair[] {
  const pairs: Pair[] = [
    { name: "route", value: labels.route },
    { name: "method", value: labels.method },
    { name: "status", value: labels.status },
    { name: "upstream", value: labels.upstream },
  ];
  for (const pair of labelPairs(labels.extra)) {
    pairs.push(pair);
  }
  return pairs;
}

function tokenPairs(route: string, upstream: string, extra: string, kind: string): readonly Pair[] {
  const pairs: Pair[] = [
    { name: "route", value: route },
    { name: "upstream", value: upstream },
  ];
  for (const pair of labelPairs(extra)) {
    pairs.push(pair);
  }
  pairs.push({ name: "type", value: kind });
  return pairs;
}

export function createDeltas(statsd: Statsd): Deltas {
  let series: Record<string, SeriesDelta | undefined> = {};
  let tokens: Record<string, TokenDelta | undefined> = {};

  function newDelta(from: Series, bounds: readonly number[]): SeriesDelta {
    return {
      subject: subjectOf(statsd, seriesPairs(from)),
      bounds,
      requests: 0,
      errors: 0,
      seconds: 0,
      upstreamSeconds: 0,
      requestBytes: 0,
      responseBytes: 0,
      buckets: zeros(bounds.length + 1),
      upstreamBuckets: zeros(bounds.length + 1),
    };
  }

  function tell(take: TakeLine, delta: SeriesDelta): void {
    const { subject, bounds } = delta;
    writeCount(take, subject, "requests", delta.requests);
    writeCount(take, subject, "request_errors", delta.errors);
    writeCount(take, subject, "request_bytes", delta.requestBytes);
    writeCount(take, subject, "response_bytes", delta.responseBytes);
    writeDurations(take, subject, "request_duration", statsd, bounds, delta.buckets, delta.seconds);
    writeDurations(take, subject, "upstream_duration", statsd, bounds, delta.upstreamBuckets, delta.upstreamSeconds);
  }

  return {
    add: (from, bounds) => {
      const { route, method, status, upstream, extra } = from.labels;
      const key = `${route} ${method} ${status} ${upstream} ${extra}`;
      const delta = series[key] ?? newDelta(from, bounds);
      series[key] = delta;
      delta.requests += from.requests;
      delta.errors += from.errors;
      delta.seconds += from.seconds;
      delta.upstreamSeconds += from.upstreamSeconds;
      delta.requestBytes += from.requestBytes;
      delta.responseBytes += from.responseBytes;
      addCounts(delta.buckets, from.buckets, delta.bounds.length + 1);
      addCounts(delta.upstreamBuckets, from.upstreamBuckets, delta.bounds.length + 1);
    },
    addTokens: (route, upstream, extra, promptTokens, completionTokens) => {
      const key = `${route} ${upstream} ${extra}`;
      const delta = tokens[key] ?? {
        prompt: subjectOf(statsd, tokenPairs(route, upstream, extra, "prompt")),
        completion: subjectOf(statsd, tokenPairs(route, upstream, extra, "completion")),
        promptTokens: 0,
        completionTokens: 0,
      };
      tokens[key] = delta;
      delta.promptTokens += promptTokens;
      delta.completionTokens += completionTokens;
    },
    drain: (take) => {
      // Sending may let others run: what they add belongs to the next time.
      const toldSeries = series;
      const toldTokens = tokens;
      series = {};
      tokens = {};
      for (const key in toldSeries) {
        const delta = toldSeries[key];
        if (delta !== undefined) {
          tell(take, delta);
        }
      }
      for (const key in toldTokens) {
        const delta = toldTokens[key];
        if (delta !== undefined) {
          writeCount(take, delta.prompt, "ai_tokens", delta.promptTokens);
          writeCount(take, delta.completion, "ai_tokens", delta.completionTokens);
        }
      }
    },
  };
}
