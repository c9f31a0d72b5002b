import type { Context } from "../_kit/context.ts";
import { countOutcome } from "./counting.ts";
import { outcomeOfTry } from "./outcome.ts";
import { cellOf, type PeerGroup } from "./peer-group.ts";
import { recallMark } from "./peer-word.ts";
import { settleProbe } from "./probes.ts";
import { SENT_ELSEWHERE } from "./turn-away.ts";

const CLIENT_GONE = 499;

/** Counts each try for its peer, and settles the probe if the request was one. */
function countTries(group: PeerGroup, context: Context): void {
  const settings = group.settings;
  const memory = recallMark(settings, context);
  if (memory !== undefined) {
    settings.marked -= 1;
  }
  if (memory === SENT_ELSEWHERE) {
    return;
  }
  const now = settings.host.clock.now();
  let probe = memory;
  if (context.proxied()) {
    const started = context.startSeconds();
    const tries = context.upstreamTries();
    const gone = context.status() === CLIENT_GONE;
    for (let index = 0; index < tries.length; index++) {
      const tried = tries[index];
      if (tried !== undefined) {
        const cell = cellOf(group, tried.peer, now);
        const delta = outcomeOfTry(settings, tried, gone && index === tries.length - 1);
        cell.usedAt = now;
        if (probe !== undefined && probe.cell === cell) {
          settleProbe(probe, now, delta);
          probe = undefined;
        } else if (delta !== 0 && cell.closed && started >= cell.countedSince) {
          countOutcome(cell, now, delta);
        }
      }
    }
  }
  if (probe !== undefined) {
    settleProbe(probe, now, 0);
  }
}

export { countTries };
