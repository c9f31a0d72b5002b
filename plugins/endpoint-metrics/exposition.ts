import type { ExpositionSink } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import { headOf, isSliceEnd, sample, writeEach, writeOne } from "./family-lines.ts";
import { exemplarOf, addHistogram } from "./histogram-lines.ts";
import { readGauge } from "./in-flight.ts";
import type { Reader } from "./slot-reader.ts";
import { OVERFLOW_KEY } from "./series-pool.ts";
import {
  BUCKETS,
  COMPLETION_TOKENS,
  ERRORS,
  PROMPT_TOKENS,
  REQUEST_BYTES,
  RESERVED_SLOTS,
  RESPONSE_BYTES,
  SECONDS,
  UNREAD,
  UPSTREAM_BUCKETS,
  UPSTREAM_SECONDS,
  type Kind,
} from "./slot-keys.ts";
import type { Found } from "./slot-text.ts";
import type { Slots } from "./slots.ts";

/** What is shown, and from where. */
export interface View {
  readonly store: Store;
  readonly slots: Slots;
  readonly reader: Reader;
  readonly limit: number;
  readonly highestWorker: number;
}

type Value = (this: void, slot: Found) => number;

/** All that lives, each set of labels once. */
function collect({ slots }: View, sink: ExpositionSink): Record<Kind, Found[]> {
  const found: Record<Kind, Found[]> = { requests: [], in_flight: [], tokens: [], unread: [] };
  const seen: Record<Kind, Record<string, boolean | undefined>> = {
    requests: {},
    in_flight: {},
    tokens: {},
    unread: {},
  };
  const lookAt = (number: number): void => {
    const slot = slots.read(number);
    if (slot !== undefined) {
      if (seen[slot.kind][slot.labels] !== true) {
        seen[slot.kind][slot.labels] = true;
        found[slot.kind].push(slot);
      }
    }
    if (isSliceEnd(number)) {
      sink.pause();
    }
  };
  for (let number = 0; number <= slots.highest("reserved"); number++) {
    lookAt(number);
  }
  for (let number = RESERVED_SLOTS + 1; number <= slots.highest("ordinary"); number++) {
    lookAt(number);
  }
  return found;
}

function writeCounter(sink: ExpositionSink, slots: readonly Found[], name: string, help: string, value: Value): void {
  writeEach(sink, slots, headOf(sink, name, "counter", help), (parts, slot) => {
    sample(parts, name, slot.labels, value(slot));
  });
}

function writeRequests(sink: ExpositionSink, read: Reader, slots: readonly Found[]): void {
  const field = (name: string): Value => {
    return (slot) => read.field(slot.number, name);
  };
  const counter = (name: string, help: string, value: Value): void => {
    writeCounter(sink, slots, name, help, value);
  };
  counter("gateway_requests_total", "Requests that ended.", (slot) => read.sum(slot, BUCKETS));
  counter("gateway_request_errors_total", "Requests answered with a status from 500 to 599.", field(ERRORS));
  counter("gateway_request_bytes_total", "Bytes of requests as they came in.", field(REQUEST_BYTES));
  counter("gateway_response_bytes_total", "Bytes sent to clients, headers included.", field(RESPONSE_BYTES));
  const histogram = (name: string, help: string, fields: readonly string[], sum: string, traced: boolean): void => {
    const head = headOf(sink, name, "histogram", help);
    const openMetrics = sink.openMetrics;
    writeEach(sink, slots, head, (parts, slot) => {
      const exemplar = traced && openMetrics ? exemplarOf(read, slot) : undefined;
      addHistogram(parts, { openMetrics, read, slot, name, fields, sum, exemplar });
    });
  };
  const duration = "Seconds from a request's first byte to its answer's last.";
  histogram("gateway_request_duration_seconds", duration, BUCKETS, SECONDS, true);
  const upstream = "Seconds spent with the upstream, over all tries.";
  histogram("gateway_upstream_duration_seconds", upstream, UPSTREAM_BUCKETS, UPSTREAM_SECONDS, false);
}

function writeTokens(sink: ExpositionSink, read: Reader, tokens: readonly Found[], unread: readonly Found[]): void {
  const name = "gateway_ai_tokens_total";
  writeEach(sink, tokens, headOf(sink, name, "counter", "Tokens that answers said they used."), (parts, slot) => {
    sample(parts, name, `${slot.labels},type="prompt"`, read.field(slot.number, PROMPT_TOKENS));
    sample(parts, name, `${slot.labels},type="completion"`, read.field(slot.number, COMPLETION_TOKENS));
  });
  const help = "Answers that should have said what tokens they used, and did not, or could not be read.";
  writeCounter(sink, unread, "gateway_ai_answers_unread_total", help, (slot) => read.field(slot.number, UNREAD));
}

function ordinary(slots: readonly Found[]): number {
  let count = 0;
  for (const { number } of slots) {
    count += number > RESERVED_SLOTS ? 1 : 0;
  }
  return count;
}

/** Writes what all workers have counted. */
export function writeFamilies(sink: ExpositionSink, view: View): void {
  const { store, reader, limit, highestWorker } = view;
  const { requests, in_flight: inFlight, tokens, unread } = collect(view, sink);
  writeRequests(sink, reader, requests);
  const gauge = "gateway_requests_in_flight";
  writeEach(sink, inFlight, headOf(sink, gauge, "gauge", "Requests under way."), (parts, slot) => {
    sample(parts, gauge, slot.labels, readGauge(store, slot.number, highestWorker));
  });
  writeTokens(sink, reader, tokens, unread);
  const kept = "Combinations of labels that are kept.";
  writeOne(sink, "gateway_metrics_series", "gauge", kept, ordinary(requests) + ordinary(tokens));
  writeOne(sink, "gateway_metrics_series_limit", "gauge", "The most that are kept.", limit);
  const overflow = "Requests that were counted as other, for there were too many combinations of labels.";
  writeOne(sink, "gateway_metrics_overflow_total", "counter", overflow, reader.at(OVERFLOW_KEY));
}
