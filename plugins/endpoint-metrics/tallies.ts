import { escapedLabel } from "../_core/label-text.ts";
import type { Store } from "../_kit/ports.ts";
import { COMPLETION_TOKENS, fieldKey, PROMPT_TOKENS, UNREAD, type Identity, type Slot } from "./slot-keys.ts";
import type { Slots } from "./slots.ts";
import type { TokenSink } from "./tokens.ts";

/** Tokens of one route, upstream and model, or answers that did not tell theirs, since the last flush. */
interface Tally {
  readonly identity: Identity;
  prompt: number;
  completion: number;
  unread: number;
  /** Labels to count under when there is no room. */
  readonly fallback: string | undefined;
}

/** @noSelf */
export interface Tallies {
  /** Takes the tokens of the answers of one route. */
  sink(route: string, idleSeconds: number): TokenSink;
  flush(): void;
}

function add(store: Store, slot: Slot, field: string, delta: number): void {
  if (delta > 0) {
    store.incr(fieldKey(slot, field), delta, 0, 0);
  }
}

/** What is counted beside the series of requests. */
export function createTallies(store: Store, slots: Slots): Tallies {
  /** Those used since the last flush, by labels: no more than models have values. */
  let present: Record<string, Tally | undefined> = {};

  function tallyOf(
    kind: "tokens" | "unread",
    labels: string,
    idleSeconds: number,
    fallback: string | undefined,
  ): Tally {
    const key = `${kind} ${labels}`;
    const found = present[key];
    if (found !== undefined) {
      return found;
    }
    const range = fallback === undefined ? "reserved" : "ordinary";
    const identity: Identity = { kind, labels, bounds: [], bornSeconds: 0, idleSeconds, range };
    const tally: Tally = { identity, prompt: 0, completion: 0, unread: 0, fallback };
    present[key] = tally;
    return tally;
  }

  function write(tally: Tally): boolean {
    const slot = slots.open(tally.identity);
    if (slot === undefined) {
      return false;
    }
    slots.touch(slot, tally.identity);
    add(store, slot, PROMPT_TOKENS, tally.prompt);
    add(store, slot, COMPLETION_TOKENS, tally.completion);
    add(store, slot, UNREAD, tally.unread);
    return true;
  }

  return {
    sink: (route, idleSeconds) => {
      const from = escapedLabel(route);
      return {
        tokens: (upstream, extra, prompt, completion) => {
          const labels = `route="${from}",upstream="${escapedLabel(upstream)}"`;
          const other = `${labels},model="other"`;
          const tally = slots.full("ordinary")
            ? tallyOf("tokens", other, idleSeconds, undefined)
            : tallyOf("tokens", labels + extra, idleSeconds, other);
          tally.prompt += prompt;
          tally.completion += completion;
        },
        unread: (upstream) => {
          const labels = `route="${from}",upstream="${escapedLabel(upstream)}"`;
          tallyOf("unread", labels, idleSeconds, undefined).unread += 1;
        },
      };
    },
    flush: () => {
      const before = present;
      present = {};
      for (const key in before) {
        const tally = before[key];
        if (tally !== undefined && !write(tally)) {
          const { kind, labels, idleSeconds, range } = tally.identity;
          const other = slots.full(range) ? tally.fallback : undefined;
          const same = kind === "tokens" ? kind : "unread";
          const later =
            other === undefined
              ? tallyOf(same, labels, idleSeconds, tally.fallback)
              : tallyOf(same, other, idleSeconds, undefined);
          later.prompt += tally.prompt;
          later.completion += tally.completion;
          later.unread += tally.unread;
        }
      }
    },
  };
}
