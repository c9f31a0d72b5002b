import { firstField, integerText, otherFields, parseDigits } from "../_core/text.ts";
import type { Store } from "../_kit/ports.ts";
import type { CountedSeries } from "./counted-series.ts";
import { EXEMPLAR, fieldKey, type Slot } from "./slot-keys.ts";

/** An exemplar is of the last minute: the slowest request of those looked at. */
const KEPT_SECONDS = 60;

/** What stands behind a bucket's line. */
export interface Exemplar {
  readonly bucket: number;
  /** ` # {trace_id="…"} 0.012 1700000000.123` */
  readonly text: string;
}

function isHexadecimal(text: string): boolean {
  let rest = text;
  while (rest !== "") {
    const code = rest.charCodeAt(0);
    if (code < 48 || (code > 57 && code < 97) || code > 102) {
      return false;
    }
    rest = rest.slice(1);
  }
  return true;
}

/**
 * The trace id of a `traceparent` header, `00-<trace id>-<parent id>-<flags>`; undefined when it is not valid or of a
 * version that is none. Source: W3C Trace Context, 3.2.
 */
export function traceIdOf(traceparent: string): string | undefined {
  const version = traceparent.slice(0, 2);
  const traceId = traceparent.slice(3, 35);
  const parentId = traceparent.slice(36, 52);
  const dashes = traceparent.slice(2, 3) + traceparent.slice(35, 36) + traceparent.slice(52, 53);
  const isLongEnough = version === "00" ? traceparent.length === 55 : traceparent.length >= 55;
  if (!isLongEnough || dashes !== "---" || version === "ff") {
    return undefined;
  }
  if (!isHexadecimal(version + traceId + parentId + traceparent.slice(53, 55))) {
    return undefined;
  }
  return traceId === "00000000000000000000000000000000" || parentId === "0000000000000000" ? undefined : traceId;
}

/** Milliseconds, as seconds: what nginx's clock has. */
function rounded(seconds: number): number {
  return Math.floor(seconds * 1000 + 0.5) / 1000;
}

/** Keeps the trace of a series, unless a slower request's is kept. */
export function keepExemplar(store: Store, slot: Slot, series: CountedSeries): void {
  const traceId = series.traceparent === undefined ? undefined : traceIdOf(series.traceparent);
  if (traceId === undefined) {
    return;
  }
  const key = fieldKey(slot, EXEMPLAR);
  const before = store.get(key);
  const kept = typeof before === "string" ? (parseDigits(firstField(before)) ?? 0) : 0;
  if (series.tracedBucket >= kept) {
    const value = `${String(rounded(series.tracedSeconds))} ${String(rounded(series.tracedAt))}`;
    store.set(key, `${integerText(series.tracedBucket)}| # {trace_id="${traceId}"} ${value}`, KEPT_SECONDS);
  }
}

export function parseExemplar(text: string | undefined): Exemplar | undefined {
  if (text === undefined) {
    return undefined;
  }
  const bucket = parseDigits(firstField(text));
  return bucket === undefined ? undefined : { bucket, text: otherFields(text) };
}
