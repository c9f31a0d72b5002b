import type { Store } from "../_kit/ports.ts";
import { keyOf } from "./slot-keys.ts";
import type { Found } from "./slot-text.ts";

/**
 * Reads counters of slots; what is not there is 0.
 * @noSelf
 */
export interface Reader {
  at(key: string): number;
  field(slotNumber: number, field: string): number;
  text(slotNumber: number, field: string): string | undefined;
  /** Over the buckets that the slot has. */
  sum(slot: Found, fields: readonly string[]): number;
}

export function slotReader(store: Store): Reader {
  function at(key: string): number {
    const value = store.get(key);
    return typeof value === "number" ? value : 0;
  }

  function field(slotNumber: number, name: string): number {
    const value = at(keyOf(slotNumber, name));
    return value;
  }

  return {
    at,
    field,
    text: (slotNumber, name) => {
      const value = store.get(keyOf(slotNumber, name));
      return typeof value === "string" ? value : undefined;
    },
    sum: (slot, fields) => {
      let sum = 0;
      for (let i = 0; i <= slot.bounds.length; i++) {
        sum += field(slot.number, fields[i] ?? "");
      }
      return sum;
    },
  };
}

/** A sample's value. Integers print exactly up to 1e14; beyond, and for sums, 14 digits do. */
export function numberText(value: number): string {
  const text = String(value);
  return text;
}
