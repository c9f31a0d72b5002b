import { integerText } from "../_core/text.ts";
import { parseExemplar, type Exemplar } from "./exemplar.ts";
import { EXEMPLAR } from "./slot-keys.ts";
import { numberText, type Reader } from "./slot-reader.ts";
import type { Found } from "./slot-text.ts";

/** `0.005`; OpenMetrics writes whole numbers as `1.0`. */
function boundText(bound: number, openMetrics: boolean): string {
  return openMetrics && bound === Math.floor(bound) ? `${integerText(bound)}.0` : numberText(bound);
}

export function exemplarOf(read: Reader, slot: Found): Exemplar | undefined {
  const exemplar = parseExemplar(read.text(slot.number, EXEMPLAR));
  return exemplar;
}

/** What the lines of one series are made from. */
export interface HistogramSource {
  readonly openMetrics: boolean;
  readonly read: Reader;
  readonly slot: Found;
  readonly name: string;
  /** Of the buckets. */
  readonly fields: readonly string[];
  /** The field of the sum. */
  readonly sum: string;
  readonly exemplar: Exemplar | undefined;
}

/** The lines of one series: buckets from the bottom up, their sum and count, all from one reading. */
export function addHistogram(parts: string[], source: HistogramSource): void {
  const { openMetrics, read, slot, name, fields, exemplar } = source;
  const { labels, bounds, number } = slot;
  const bucket = `${name}_bucket{`;
  let count = 0;
  for (let i = 0; i <= bounds.length; i++) {
    count += read.field(number, fields[i] ?? "");
    parts.push(bucket);
    parts.push(labels);
    parts.push(`,le="${i < bounds.length ? boundText(bounds[i] ?? 0, openMetrics) : "+Inf"}"} `);
    parts.push(numberText(count));
    parts.push(exemplar !== undefined && exemplar.bucket === i ? exemplar.text : "");
    parts.push("\n");
  }
  parts.push(`${name}_sum{`);
  parts.push(labels);
  parts.push("} ");
  parts.push(numberText(read.field(number, source.sum)));
  parts.push(`\n${name}_count{`);
  parts.push(labels);
  parts.push("} ");
  parts.push(numberText(count));
  parts.push("\n");
}
