/** Decision events about where peers come from: sets that changed, sources that failed and came back. */
import { integerText } from "../_core/text.ts";
import type { Events } from "../_kit/ports.ts";
import type { SourceStatus } from "./discovery/federation.ts";
import type { PeerEntry } from "./peer.ts";
import { setChanges } from "./set-changes.ts";

/** @noSelf */
export interface MembersTeller {
  /** A source's set is another: all peers before and now. Where other sources tell the same there is nothing to say. */
  changed(source: string, before: readonly PeerEntry[], now: readonly PeerEntry[]): void;
  /** Tells of the sources whose state is another than at the call before. */
  heard(statuses: readonly SourceStatus[]): void;
}

function peersText(count: number): string {
  return count === 1 ? "1 peer" : `${integerText(count)} peers`;
}

export function membersTeller(upstream: string, events: Events): MembersTeller {
  const states: Record<string, string | undefined> = {};
  const plugin = "dynamic-upstreams";
  return {
    changed: (source, before, now) => {
      const { added, removed, changed, text } = setChanges(before, now);
      if (text === "") {
        return;
      }
      events.emit({
        plugin,
        subject: `upstream:${upstream}`,
        from: peersText(before.length),
        to: peersText(now.length),
        reason: `${source}: ${text}`,
        inputs: { peers: now.length, added, removed, changed },
      });
    },
    heard: (statuses) => {
      for (const { name, state, problem, count } of statuses) {
        const before = states[name] ?? "never";
        states[name] = state;
        // Its first good answer is told as a change of the set.
        if (state !== before && !(before === "never" && state === "ok")) {
          const kept = `${peersText(count)} of before ${count === 1 ? "is" : "are"} kept`;
          events.emit({
            plugin,
            subject: `source:${upstream}/${name}`,
            from: before,
            to: state,
            reason: state === "ok" ? "it answers again" : `${problem ?? "no answer"}; ${kept}`,
            inputs: { peers: count },
          });
        }
      }
    },
  };
}
