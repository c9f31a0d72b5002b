import { openEnded } from "../_core/breaker-state.ts";
import { recoveryShare } from "../_core/recovery-share.ts";
import type { Context, PeerPool } from "../_kit/context.ts";
import type { Decision } from "../_kit/decision.ts";
import type { Handlers, Host } from "../_kit/handlers.ts";
import type { StoreValue } from "../_kit/ports.ts";
import { adopt, rotateCounter, type Cell } from "./cell.ts";
import type { Config } from "./config.ts";
import { countOutcome } from "./counting.ts";
import { emitCell, emitTurnedAway } from "./metrics.ts";
import { outcomeOfTry } from "./outcome.ts";
import { adoptVersion, cellOf, newPeerGroup, refreshGroup, type PeerGroup } from "./peer-group.ts";
import { leaseProbe, settleProbe, type Probe } from "./probes.ts";
import { newRejection, type Rejection } from "./rejection.ts";
import { adaptThresholds, newSettings, tickSeconds } from "./settings.ts";
import { SENT_ELSEWHERE, turnAway } from "./turn-away.ts";

const CLIENT_GONE = 499;

type Memory = Probe | typeof SENT_ELSEWHERE | undefined;

/** What a breaker says to a request: take it, do not, or only as a probe. */
type Word = "yes" | "no" | "probe";

function ask(cell: Cell, now: number): Word {
  const state = cell.state;
  if (state.kind === "closed" || state.kind === "forced_closed") {
    return "yes";
  }
  if (state.kind === "open") {
    return openEnded(now, state.sinceSeconds, state.untilSeconds) ? "probe" : "no";
  }
  // An override that is over: the next tick writes it down.
  return now >= state.untilSeconds ? "yes" : "no";
}

function remember(cell: Cell, context: Context, probe: Probe): void {
  cell.settings.marked += 1;
  context.remember(cell.settings.mark, probe);
}

/** Turns a request away when no peer may take it; where only probes may, it becomes one. */
function admit(
  group: PeerGroup,
  rejection: Rejection,
  context: Context,
  version: StoreValue | undefined,
): Decision | undefined {
  const settings = group.settings;
  const now = settings.host.clock.now();
  if (version !== group.version || version === undefined) {
    adoptVersion(group, version, now);
  }
  let waitSeconds = settings.config.open.max_seconds;
  let half: Cell | undefined;
  for (const cell of group.list) {
    const word = ask(cell, now);
    if (word === "yes") {
      return undefined;
    }
    if (word === "probe") {
      half = cell;
      const probe = leaseProbe(cell, now);
      if (probe !== undefined) {
        remember(cell, context, probe);
        return undefined;
      }
    } else if (cell.state.untilSeconds - now < waitSeconds) {
      waitSeconds = cell.state.untilSeconds - now;
    }
  }
  if (group.list.length === 0) {
    return undefined;
  }
  return turnAway(settings, rejection, context, half === undefined ? waitSeconds : 1);
}

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
function select(group: PeerGroup, context: Context, pool: PeerPool): void {
  const settings = group.settings;
  const memory = settings.marked > 0 ? (context.recall(settings.mark) as Memory) : undefined;
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

/** Counts each try for its peer, and settles the probe if the request was one. */
function count(group: PeerGroup, context: Context): void {
  const settings = group.settings;
  const memory = settings.marked > 0 ? (context.recall(settings.mark) as Memory) : undefined;
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

/** A counter that is nearly full is replaced by the request that comes next, instead of its look at the version. */
function rotateOne(group: PeerGroup): void {
  for (const cell of group.list) {
    if (cell.rotateDue) {
      const raw = rotateCounter(cell);
      if (raw !== cell.raw) {
        adopt(cell, raw, group.settings.host.clock.now());
      }
      return;
    }
  }
}

/** One breaker for each peer of the upstream. */
function peerBreakers(config: Config, host: Host): Handlers {
  const name = `peer:${host.place.upstream}`;
  const settings = newSettings(config, host, name);
  const clock = host.clock;
  const store = settings.store;
  const group = newPeerGroup(settings, name, host.place.peers, clock.now());
  const versionKey = group.versionKey;
  const rejection = newRejection(config.fallback);
  host.timer.every(tickSeconds(config), () => {
    adaptThresholds(settings);
    refreshGroup(group, clock.now());
  });
  return {
    access: (context) => {
      if (settings.rotateDue) {
        settings.rotateDue = false;
        rotateOne(group);
        return group.quickVersion === group.version ? undefined : admit(group, rejection, context, group.version);
      }
      const version = store.get(versionKey);
      return version === group.quickVersion ? undefined : admit(group, rejection, context, version);
    },
    select_upstream: (context, pool) => {
      if (group.quickVersion === false) {
        select(group, context, pool);
      }
    },
    log: (context) => {
      count(group, context);
    },
    admin: group.resources,
    metrics: (emit) => {
      for (const cell of group.list) {
        emitCell(cell, emit);
      }
      emitTurnedAway(settings, name, emit);
    },
  };
}

export { peerBreakers };
