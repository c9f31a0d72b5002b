/**
 * The last decisions, in the shared dict: all workers write and read the same ring, and it outlives them and a reload.
 * A slot holds `<number>|<text>`; a reader that finds another number there than it counted on leaves the slot out.
 */
import { integerText } from "../../plugins/_core/text.ts";

const MOST_KEPT = 200;
/** Longer entries are not taken. */
const ENTRY_BYTES = 2048;
/** The ring has at most this share of the dict, so that it never pushes out what plugins keep there. */
const SHARE = 0.125;
const COUNTER = "decision:count";

/** @noSelf */
export interface DecisionRing {
  /** How many are kept at most. */
  readonly kept: number;
  add(text: string): void;
  /** Newest first. */
  newest(limit: number): readonly string[];
}

export function decisionRing(dict: NgxSharedDict): DecisionRing {
  const room = math.floor((dict.capacity() * SHARE) / ENTRY_BYTES);
  const kept = math.max(1, math.min(MOST_KEPT, room));

  function keyOf(count: number): string {
    return `decision:${integerText(count - kept * math.floor(count / kept))}`;
  }

  return {
    kept,
    add: (text) => {
      const [count] = dict.incr(COUNTER, 1, 0);
      if (count !== undefined && text.length <= ENTRY_BYTES) {
        dict.set(keyOf(count), `${integerText(count)}|${text}`);
      }
    },
    newest: (limit) => {
      const found: string[] = [];
      const [last] = dict.get(COUNTER);
      let count = tonumber(last) ?? 0;
      const oldest = math.max(1, count - kept + 1);
      while (count >= oldest && found.length < limit) {
        const [entry] = dict.get(keyOf(count));
        const [number, text] = string.match(tostring(entry), "^(%d+)|(.*)$");
        if (text !== undefined && tonumber(number) === count) {
          found.push(text);
        }
        count -= 1;
      }
      return found;
    },
  };
}
