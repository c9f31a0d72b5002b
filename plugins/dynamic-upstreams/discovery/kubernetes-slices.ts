import { foundPeers } from "./found-peers.ts";
import { keyedList } from "./keyed-list.ts";
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
  const slices = keyedList<Slice>();

  return {
    put: (object) => {
      const slice = parseSlice(object, port);
      if (slice !== undefined) {
        slices.put(slice.name, slice);
      }
      return slice !== undefined;
    },
    remove: (object) => {
      const name = sliceName(object);
      if (name !== undefined) {
        slices.remove(name);
      }
      return name !== undefined;
    },
    found: () => {
      const found = foundPeers();
      for (const slice of slices.items()) {
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
