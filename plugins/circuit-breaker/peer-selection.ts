import { recoveryShare } from "../_core/recovery-share.ts";
import type { Context, PeerPool } from "../_kit/context.ts";
import type { Cell } from "./cell.ts";
import type { PeerGroup } from "./peer-group.ts";
import { ask, recallMark, remember } from "./peer-word.ts";
import { leaseProbe } from "./probes.ts";
import { SENT_ELSEWHERE } from "./turn-away.ts";

function excludeAllBut(pool: PeerPool, kept: string): void {
  for (let index = 0; index < pool.count(); index++) {
    if (pool.key(index) !== kept) {
      pool.exclude(index);
    }
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
      excludeAllBut(pool, memory.cell.peer);
    }
    return;
  }
  for (let index = 0; index < pool.count(); index++) {
    const peer = pool.key(index);
    const cell = group.cells[peer];
    if (cell !== undefined) {
      const word = ask(cell, now);
      if (word === "probe" && memory === undefined) {
        const probe = leaseProbe(cell, now);
        if (probe !== undefined) {
          probe.sent = true;
          remember(cell, context, probe);
          if (enforce) {
            excludeAllBut(pool, peer);
          }
          return;
        }
      }
      if (enforce && (word !== "yes" || (cell.recovering && recovers(cell, now)))) {
        pool.exclude(index);
      }
    }
  }
}

export { selectPeers };
