import type { ExpositionSink } from "../_kit/handlers.ts";
import { numberText } from "./slot-reader.ts";
import type { Found } from "./slot-text.ts";

/** Other requests go on after so many slots. */
const SLICE = 250;

type Type = "counter" | "gauge" | "histogram";

/** A family's first lines. */
export function headOf(sink: ExpositionSink, name: string, type: Type, help: string): string {
  // OpenMetrics names a counter's family without the ending of its samples.
  const family = sink.openMetrics && type === "counter" ? name.slice(0, -6) : name;
  return `# HELP ${family} ${help}\n# TYPE ${family} ${type}\n`;
}

/** Whether other requests are to go on after so many slots. */
export function isSliceEnd(count: number): boolean {
  return count > 0 && count - SLICE * Math.floor(count / SLICE) === 0;
}

/** One line. */
export function sample(parts: string[], name: string, labels: string, value: number): void {
  parts.push(name);
  parts.push("{");
  parts.push(labels);
  parts.push("} ");
  parts.push(numberText(value));
  parts.push("\n");
}

/** One family over all slots: whatever `lines` gives for each. */
export function writeEach(
  sink: ExpositionSink,
  slots: readonly Found[],
  head: string,
  lines: (this: void, parts: string[], slot: Found) => void,
): void {
  if (slots.length === 0) {
    return;
  }
  sink.write(head);
  let parts: string[] = [];
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i];
    if (slot !== undefined) {
      lines(parts, slot);
    }
    if (isSliceEnd(i + 1)) {
      sink.pieces(parts);
      parts = [];
      sink.pause();
    }
  }
  sink.pieces(parts);
}

/** A family of one line without labels. */
export function writeOne(sink: ExpositionSink, name: string, type: Type, help: string, value: number): void {
  sink.write(`${headOf(sink, name, type, help)}${name} ${numberText(value)}\n`);
}
