/** Tells of what happens to an upstream as a whole: too few well peers, none at all. */
import { integerText } from "../_core/text.ts";
import type { Events } from "../_kit/ports.ts";
import type { PeerSet } from "./peer-set.ts";

function wordOf(set: PeerSet): string {
  if (set.taking() === 0 || set.available() === 0) {
    return "no peer";
  }
  return set.inPanic() ? "panic" : "well";
}

const REASONS: Readonly<Record<string, string | undefined>> = {
  "no peer": "no peer takes requests: they are answered 503",
  panic: "too few peers are well: all are used, well or not",
  well: "enough peers are well",
};

/** Called each second in the worker that does so for the node. */
export function availabilityTeller(upstream: string, events: Events): (this: void, set: PeerSet) => void {
  let before = "well";
  return (set) => {
    const word = wordOf(set);
    if (word === before) {
      return;
    }
    const total = integerText(set.peers().length);
    events.emit({
      plugin: "dynamic-upstreams",
      subject: `upstream:${upstream}`,
      from: before,
      to: word,
      reason: REASONS[word] ?? word,
      inputs: { peers: total, taking: set.taking(), available: set.available() },
    });
    before = word;
  };
}
