import { integerText } from "../_core/text.ts";

/** What a slot keeps: a series of requests, a gauge of requests under way, tokens, or answers that did not tell theirs. */
export type Kind = "requests" | "in_flight" | "tokens" | "unread";

/**
 * Which slots an identity may have: `ordinary` ones are for combinations of labels; `reserved` ones for what configuration
 * bounds, however full the others are; and there is one last slot, for what found no other.
 */
export type Range = "ordinary" | "reserved" | "last";

/** Who may have a slot. */
export interface Identity {
  readonly kind: Kind;
  /** Its labels in Prometheus' text. */
  readonly labels: string;
  /** Of its histograms; empty where it has none. */
  readonly bounds: readonly number[];
  /** When the configuration that the bounds are from began to work: of two the later one holds. */
  readonly bornSeconds: number;
  readonly idleSeconds: number;
  readonly range: Range;
}

/** A place in the dict, as one worker knows it. */
export interface Slot {
  readonly number: number;
  /** What lies under `slot:<number>` as long as it is this one. */
  readonly text: string;
  readonly bounds: readonly number[];
  /** Keys by field, made when first needed. */
  readonly keys: Record<string, string | undefined>;
  touchedSeconds: number;
}

/** Slot 0 is the last one, those up to this are reserved, ordinary ones follow. */
export const RESERVED_SLOTS = 1024;

/** Names of the fields under which a slot's counters lie. */
export const SECONDS = "s";
export const ERRORS = "e";
export const UPSTREAM_SECONDS = "S";
export const REQUEST_BYTES = "q";
export const RESPONSE_BYTES = "r";
export const EXEMPLAR = "x";
export const PROMPT_TOKENS = "p";
export const COMPLETION_TOKENS = "c";
export const UNREAD = "n";
export const LEAVING = "l";
const IDLE_AFTER = "t";
/** By bucket. */
export const BUCKETS: string[] = [];
export const UPSTREAM_BUCKETS: string[] = [];
for (let i = 0; i <= 30; i++) {
  BUCKETS.push(integerText(i));
  UPSTREAM_BUCKETS.push(`u${integerText(i)}`);
}
/** Every field that does not go by itself. */
export const ALL_FIELDS: string[] = [
  SECONDS,
  ERRORS,
  UPSTREAM_SECONDS,
  REQUEST_BYTES,
  RESPONSE_BYTES,
  EXEMPLAR,
  PROMPT_TOKENS,
  COMPLETION_TOKENS,
  UNREAD,
  LEAVING,
  IDLE_AFTER,
];
for (let i = 0; i <= 30; i++) {
  ALL_FIELDS.push(integerText(i));
  ALL_FIELDS.push(`u${integerText(i)}`);
}

export function slotKey(number: number): string {
  return `slot:${integerText(number)}`;
}

export function idKey(kind: string, labels: string): string {
  return `id:${kind}:${labels}`;
}

export function keyOf(number: number, field: string): string {
  return `${integerText(number)}:${field}`;
}

/** When the slot may be freed. */
export function idleKey(number: number): string {
  const key = keyOf(number, IDLE_AFTER);
  return key;
}

/** As `keyOf`, without making the text each time. */
export function fieldKey(slot: Slot, field: string): string {
  const known = slot.keys[field];
  if (known !== undefined) {
    return known;
  }
  const key = keyOf(slot.number, field);
  slot.keys[field] = key;
  return key;
}

/** How many slots of a range were ever in use. */
export function usedKey(range: Range): string {
  return `used:${range}`;
}

/** The first slot of a range. */
export function firstOf(range: Range): number {
  if (range === "last") {
    return 0;
  }
  return range === "reserved" ? 1 : RESERVED_SLOTS + 1;
}
