import { integerText } from "../_core/text.ts";
import type { ExpositionSink } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import { writeHistogram } from "./histogram-lines.ts";
import {
  BUCKETS,
  ERRORS,
  REQUEST_BYTES,
  RESPONSE_BYTES,
  SECONDS,
  UPSTREAM_BUCKETS,
  UPSTREAM_SECONDS,
} from "./flush.ts";
import { readGauge } from "./in-flight.ts";
import { numberText, type Reader } from "./slot-reader.ts";
import { RESERVED_SLOTS, type Found, type Kind, type Slots } from "./slots.ts";

/** Other requests go on after so many slots. */
const SLICE = 250;

type Type = "counter" | "gauge" | "histogram";

/** A family's first lines. */
export function headOf(sink: ExpositionSink, name: string, type: Type, help: string): string {
  // OpenMetrics names a counter's family without the ending of its samples.
  const family = sink.openMetrics && type === "counter" ? name.slice(0, -6) : name;
  return `# HELP ${family} ${help}\n# TYPE ${family} ${type}\n`;
}

function pauseAfter(sink: ExpositionSink, count: number): void {
  if (count > 0 && count - SLICE * Math.floor(count / SLICE) === 0) {
    sink.pause();
  }
}

/** All that lives, each set of labels once. */
function collect(slots: Slots, sink: ExpositionSink): Record<Kind, Found[]> {
  const found: Record<Kind, Found[]> = { requests: [], in_flight: [], tokens: [] };
  const seen: Record<string, boolean | undefined> = {};
  for (let number = 1; number <= slots.last(); number++) {
    const slot = slots.read(number);
    if (slot !== undefined) {
      const id = `${slot.kind} ${slot.labels}`;
      if (seen[id] !== true) {
        seen[id] = true;
        found[slot.kind].push(slot);
      }
    }
    pauseAfter(sink, number);
  }
  return found;
}

/** One line for each slot. */
function writeEach(
  sink: ExpositionSink,
  slots: readonly Found[],
  name: string,
  type: Type,
  help: string,
  value: (this: void, slot: Found) => number,
): void {
  if (slots.length === 0) {
    return;
  }
  sink.write(headOf(sink, name, type, help));
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i];
    if (slot !== undefined) {
      sink.write(`${name}{${slot.labels}} ${numberText(value(slot))}\n`);
    }
    pauseAfter(sink, i + 1);
  }
}

function writeOne(sink: ExpositionSink, name: string, type: Type, help: string, value: number): void {
  sink.write(`${headOf(sink, name, type, help)}${name} ${numberText(value)}\n`);
}

/** Writes what all workers have counted. */
export function writeFamilies(
  sink: ExpositionSink,
  store: Store,
  slots: Slots,
  read: Reader,
  highestWorker: number,
): void {
  const { requests, in_flight: inFlight, tokens } = collect(slots, sink);
  const field = (name: string): ((this: void, slot: Found) => number) => {
    return (slot) => read.field(slot.number, name);
  };
  const counter = (name: string, help: string, value: (this: void, slot: Found) => number): void => {
    writeEach(sink, requests, name, "counter", help, value);
  };
  counter("gateway_requests_total", "Requests that ended.", (slot) => read.sum(slot, BUCKETS));
  counter("gateway_request_errors_total", "Requests answered with a status from 500 to 599.", field(ERRORS));
  counter("gateway_request_bytes_total", "Bytes of requests as they came in.", field(REQUEST_BYTES));
  counter("gateway_response_bytes_total", "Bytes sent to clients, headers included.", field(RESPONSE_BYTES));
  const histogram = (name: string, help: string, fields: readonly string[], sum: string): void => {
    if (requests.length > 0) {
      sink.write(headOf(sink, name, "histogram", help));
      for (let i = 0; i < requests.length; i++) {
        const slot = requests[i];
        if (slot !== undefined) {
          writeHistogram(sink, read, slot, name, fields, sum);
        }
        pauseAfter(sink, i + 1);
      }
    }
  };
  const duration = "Seconds from a request's first byte to its answer's last.";
  histogram("gateway_request_duration_seconds", duration, BUCKETS, SECONDS);
  const upstream = "Seconds spent with the upstream, over all tries.";
  histogram("gateway_upstream_duration_seconds", upstream, UPSTREAM_BUCKETS, UPSTREAM_SECONDS);
  const underWay = "Requests under way.";
  writeEach(sink, inFlight, "gateway_requests_in_flight", "gauge", underWay, (slot) =>
    readGauge(store, slot.number, highestWorker),
  );
  const tokenHelp = "Tokens that answers said they used.";
  writeEach(sink, tokens, "gateway_ai_tokens_total", "counter", tokenHelp, field(BUCKETS[0] ?? integerText(0)));
  let series = 0;
  for (const slot of requests) {
    series += slot.number > RESERVED_SLOTS ? 1 : 0;
  }
  for (const slot of tokens) {
    series += slot.number > RESERVED_SLOTS ? 1 : 0;
  }
  writeOne(sink, "gateway_metrics_series", "gauge", "Combinations of labels that are kept.", series);
  writeOne(sink, "gateway_metrics_series_limit", "gauge", "The most that are kept.", slots.limit());
  const overflow = "Requests that were counted as other, for there were too many combinations of labels.";
  writeOne(sink, "gateway_metrics_overflow_total", "counter", overflow, read.at("overflow"));
}
