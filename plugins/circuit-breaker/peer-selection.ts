import { recoveryShare } from "../_core/recovery-share.ts";
import type { Context, PeerPool } from "../_kit/context.ts";
import type { Cell } from "./cell.ts";
import type { PeerGroup } from "./peer-group.ts";
import { ask, recallMark, remember } from "./peer-word.ts";
import { leaseProbe } from "./probes.ts";
import { SENT_ELSEWHERE } from "./turn-away.ts";

function only(pool: PeerPool, peer: string): void {
  const index = pool.find(peer);
  if (index >= 0) {
    pool.only(index);
  }
}

/** A recovering peer gets a rising share of what it would get. */
function recovers(cell: Cell, now: number): boolean {
  const settings = cell.settings;
  const share = recoveryShare(now - cell.recoverySince, settings.config.recovery_seconds);
  return share < 1 && settings.host.random.next() >= share;
}

/** Leaves the host the peers that may take this try; a half-open peer gets it alone if it has a probe to give. */
function selectPeers(group: PeerGroup, context: Context, pool: PeerPool): void {
  const settings = group.settings;
  const memory = recallMark(settings, context);
  // The pool is the fallback upstream's; or, in shadow mode, everything may be tried.
  if (memory === SENT_ELSEWHERE) {
    return;
  }
  const now = settings.host.clock.now();
  const enforce = !settings.host.shadow;
  if (memory !== undefined && !memory.sent) {
    memory.sent = true;
    if (enforce) {
      only(pool, memory.cell.peer);
    }
    return;
  }
  // The breakers and not the peers: there may be thousands of these.
  for (const cell of group.list) {
    const word = ask(cell, now);
    const index = word === "yes" && !cell.recovering ? -1 : pool.find(cell.peer);
    if (index >= 0) {
      if (word === "probe" && memory === undefined) {
        const probe = leaseProbe(cell, now);
        if (probe !== undefined) {
          probe.sent = true;
          remember(cell, context, probe);
          if (enforce) {
            pool.only(index);
          }
          return;
        }
      }
      if (enforce && (word !== "yes" || recovers(cell, now))) {
        pool.exclude(index);
      }
    }
  }
}

export { selectPeers };
