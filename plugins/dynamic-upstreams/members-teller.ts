/** Decision events about where peers come from: sets that changed, sources that failed and came back. */
import { integerText } from "../_core/text.ts";
import type { Events } from "../_kit/ports.ts";
import type { SourceStatus } from "./discovery/federation.ts";

/** @noSelf */
export interface MembersTeller {
  /** A source's set is another: so many peers in all before and now. */
  changed(source: string, before: number, now: number): void;
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
      events.emit({
        plugin,
        subject: `upstream:${upstream}`,
        from: peersText(before),
        to: peersText(now),
        reason: `${source} told of other peers`,
        inputs: { peers: now },
      });
    },
    heard: (statuses) => {
      for (const { name, state, problem, count } of statuses) {
        const before = states[name] ?? "never";
        states[name] = state;
        // Its first good answer is told as a change of the set.
        if (state !== before && !(before === "never" && state === "ok")) {
          const kept = `${peersText(count)} of before are kept`;
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
