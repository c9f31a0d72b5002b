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

/** The lines of one series: buckets from the bottom up, their sum and count, all from one reading. */
export function histogramLines(
  openMetrics: boolean,
  read: Reader,
  slot: Found,
  name: string,
  fields: readonly string[],
  sum: string,
  exemplar: Exemplar | undefined,
): string {
  const { labels, bounds, number } = slot;
  let lines = "";
  let count = 0;
  for (let i = 0; i <= bounds.length; i++) {
    count += read.field(number, fields[i] ?? "");
    const bound = i < bounds.length ? boundText(bounds[i] ?? 0, openMetrics) : "+Inf";
    const trace = exemplar !== undefined && exemplar.bucket === i ? exemplar.text : "";
    lines += `${name}_bucket{${labels},le="${bound}"} ${numberText(count)}${trace}\n`;
  }
  const total = numberText(read.field(number, sum));
  return `${lines}${name}_sum{${labels}} ${total}\n${name}_count{${labels}} ${numberText(count)}\n`;
}
