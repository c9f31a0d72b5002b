/** What lies in the dict under `slot:<number>`. */
import type { Json } from "../_kit/ports.ts";
import type { Kind } from "./slot-keys.ts";

/** What is read back of a slot. */
export interface Found {
  readonly number: number;
  readonly kind: Kind;
  readonly bornSeconds: number;
  readonly bounds: readonly number[];
  readonly labels: string;
}

/**
 * The number stands at the end for LuaJIT: texts of thousands of slots that differ in the middle only would share a hash, as
 * it is made of a few bytes at the start, the end and two places between.
 */
export function slotText(
  json: Json,
  number: number,
  kind: Kind,
  bornSeconds: number,
  bounds: readonly number[],
  labels: string,
): string {
  const text = json.encode([kind, bornSeconds, bounds, labels, number]);
  return text;
}

export function parseSlot(json: Json, number: number, text: string): Found | undefined {
  const fields = json.decode(text) as readonly unknown[] | undefined;
  if (fields === undefined) {
    return undefined;
  }
  const kind = fields[0] as Kind;
  const bornSeconds = fields[1] as number;
  const bounds = fields[2] as readonly number[];
  const labels = fields[3] as string;
  return { number, kind, bornSeconds, bounds, labels };
}

export function sameBounds(one: readonly number[], other: readonly number[]): boolean {
  for (let i = 0; i < one.length; i++) {
    if (one[i] !== other[i]) {
      return false;
    }
  }
  return one.length === other.length;
}
