import { foundPeers } from "./found-peers.ts";
import { parseSlice, type Slice, sliceName } from "./kubernetes-slice.ts";
import type { Found } from "./source.ts";

/**
 * The slices of one Service, which together say who its endpoints are.
 * @noSelf
 */
export interface Slices {
  /** Takes a slice, in place of the one with its name. False when it is no slice. */
  put(object: unknown): boolean;
  /** False when it has no name. */
  remove(object: unknown): boolean;
  /** An endpoint that is in two slices, as while it moves from one to the other, counts once. */
  found(): Found;
}

/** @param port name or number of the port; the first one of each slice when absent */
export function createSlices(port: string | undefined): Slices {
  let slices: Slice[] = [];

  /** Without the slice of that name, or with `slice` in its place or at the end. */
  function replace(name: string, slice: Slice | undefined): void {
    const others: Slice[] = [];
    let isPlaced = slice === undefined;
    for (const each of slices) {
      if (each.name !== name) {
        others.push(each);
      } else if (slice !== undefined) {
        others.push(slice);
        isPlaced = true;
      }
    }
    if (slice !== undefined && !isPlaced) {
      others.push(slice);
    }
    slices = others;
  }

  return {
    put: (object) => {
      const slice = parseSlice(object, port);
      if (slice !== undefined) {
        replace(slice.name, slice);
      }
      return slice !== undefined;
    },
    remove: (object) => {
      const name = sliceName(object);
      if (name !== undefined) {
        replace(name, undefined);
      }
      return name !== undefined;
    },
    found: () => {
      const found = foundPeers();
      for (const slice of slices) {
        for (const entry of slice.peers) {
          found.addEntry(entry);
        }
        if (slice.leftOut !== undefined) {
          found.leaveOut(slice.leftOut);
        }
      }
      return found.found();
    },
  };
}
