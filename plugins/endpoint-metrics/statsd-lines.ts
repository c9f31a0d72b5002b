import { bucketValues } from "../_core/bucket-values.ts";
import { firstBytes } from "../_core/byte-cut.ts";
import { decimalText, sampleRate } from "../_core/decimal-text.ts";
import { integerText } from "../_core/text.ts";
import type { Statsd } from "./config.ts";
import { segmentText, tagText, type Pair } from "../_core/statsd-text.ts";

/** What stands in a line beside the metric's name, its value and its type. */
export interface Subject {
  /** Before the name. */
  readonly head: string;
  /** At the end. */
  readonly tail: string;
}

/** Where the lines go, each without its newline. */
export type TakeLine = (this: void, line: string) => void;

/** The longest name with value, type and sample rate. */
const REST_BYTES = 80;

function tagged(statsd: Statsd, pairs: readonly Pair[]): Subject {
  let tags = "";
  let left = statsd.mtu_bytes - statsd.prefix.length - REST_BYTES;
  for (const { name, value } of pairs) {
    const tag = `${tags === "" ? "|#" : ","}${name}:${tagText(value)}`;
    // A tag that makes the line too long is left out: the sums stay right.
    if (value !== "" && tag.length <= left) {
      tags += tag;
      left -= tag.length;
    }
  }
  return { head: `${statsd.prefix}.`, tail: tags };
}

function dotted(statsd: Statsd, pairs: readonly Pair[]): Subject {
  const left = statsd.mtu_bytes - statsd.prefix.length - REST_BYTES;
  const longest = Math.floor(left / (pairs.length + 1)) - 1;
  let head = `${statsd.prefix}.`;
  for (const { value } of pairs) {
    const segment = segmentText(value);
    head += `${segment.length > longest && longest > 0 ? firstBytes(segment, longest) : segment}.`;
  }
  return { head, tail: "" };
}

/** With tags, or with the values in the name. */
export function subjectOf(statsd: Statsd, pairs: readonly Pair[]): Subject {
  return statsd.flavor === "dogstatsd" ? tagged(statsd, pairs) : dotted(statsd, pairs);
}

function line(subject: Subject, name: string, value: string, type: string): string {
  return `${subject.head}${name}:${value}|${type}${subject.tail}`;
}

export function writeCount(take: TakeLine, subject: Subject, name: string, count: number): void {
  if (count > 0) {
    take(line(subject, name, integerText(count), "c"));
  }
}

export function writeGauge(take: TakeLine, subject: Subject, name: string, value: number): void {
  take(line(subject, name, integerText(value), "g"));
}

/**
 * A histogram: one line for each bucket that is not empty, with a value that stands for it and a sample rate that says for
 * how many. DogStatsD gets a distribution in seconds, StatsD a timing in milliseconds.
 */
export function writeDurations(
  take: TakeLine,
  subject: Subject,
  name: string,
  statsd: Statsd,
  bounds: readonly number[],
  counts: readonly number[],
  seconds: number,
): void {
  const isTagged = statsd.flavor === "dogstatsd";
  const values = bucketValues(bounds, counts, seconds);
  for (let i = 0; i < values.length; i++) {
    const count = counts[i] ?? 0;
    if (count > 0) {
      const value = values[i] ?? 0;
      const rate = count > 1 ? `|@${sampleRate(count)}` : "";
      const text = decimalText(isTagged ? value : value * 1000);
      take(line(subject, isTagged ? `${name}_seconds` : name, text, isTagged ? `d${rate}` : `ms${rate}`));
    }
  }
}
