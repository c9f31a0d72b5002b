import { integerText } from "../_core/text.ts";
import type { ExpositionSink } from "../_kit/handlers.ts";
import { numberText, type Reader } from "./slot-reader.ts";
import type { Found } from "./slots.ts";

/** `0.005`; OpenMetrics writes whole numbers as `1.0`. */
function boundText(bound: number, openMetrics: boolean): string {
  return openMetrics && bound === Math.floor(bound) ? `${integerText(bound)}.0` : numberText(bound);
}

/** The lines of one series: buckets from the bottom up, their sum and count, all from one reading. */
export function writeHistogram(
  sink: ExpositionSink,
  read: Reader,
  slot: Found,
  name: string,
  fields: readonly string[],
  sum: string,
): void {
  const { labels, bounds, number } = slot;
  let lines = "";
  let count = 0;
  for (let i = 0; i < bounds.length; i++) {
    count += read.field(number, fields[i] ?? "");
    const bound = boundText(bounds[i] ?? 0, sink.openMetrics);
    lines += `${name}_bucket{${labels},le="${bound}"} ${numberText(count)}\n`;
  }
  count += read.field(number, fields[bounds.length] ?? "");
  lines += `${name}_bucket{${labels},le="+Inf"} ${numberText(count)}\n`;
  lines += `${name}_sum{${labels}} ${numberText(read.field(number, sum))}\n`;
  sink.write(`${lines}${name}_count{${labels}} ${numberText(count)}\n`);
}
