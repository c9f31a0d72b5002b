import type { Path } from "../../../plugins/_kit/schema/index.ts";

/** Where one YAML node stands in the text, and the nodes below it. Offsets count UTF-16 units from 0. */
export interface Spot {
  readonly offset: number;
  /** Of the key that holds it, when it stands in a record. */
  readonly keyOffset?: number;
  readonly children: ReadonlyMap<string | number, Spot>;
}

export const NO_CHILDREN: ReadonlyMap<string | number, Spot> = new Map();

/** The offset of a value, or of its key. A value that was not written stands where the nearest one around it does. */
export function offsetOf(root: Spot, keys: Path, atKey: boolean): number {
  let spot = root;
  for (const key of keys) {
    const child = spot.children.get(key);
    if (child === undefined) return spot.keyOffset ?? spot.offset;
    spot = child;
  }
  return atKey ? (spot.keyOffset ?? spot.offset) : spot.offset;
}
