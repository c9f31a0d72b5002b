import { openEnded } from "../_core/breaker-state.ts";
import { recoveryShare } from "../_core/recovery-share.ts";
import type { Context } from "../_kit/context.ts";
import type { Decision } from "../_kit/decision.ts";
import type { Handlers, Host } from "../_kit/handlers.ts";
import type { StoreValue } from "../_kit/ports.ts";
import { breakerResource } from "./admin.ts";
import { adopt, rotateCounter } from "./adopt.ts";
import { setQuick, type Cell } from "./cell.ts";
import type { Config } from "./config.ts";
import { countOutcome } from "./counting.ts";
import { emitCell, emitTurnedAway } from "./metrics.ts";
import { newCell } from "./new-cell.ts";
import { outcomeOf } from "./outcome.ts";
import { leaseProbe, settleProbe, type Probe } from "./probes.ts";
import { refreshCell } from "./refresh.ts";
import { newRejection, type Rejection } from "./rejection.ts";
import { adaptThresholds, newSettings, tickSeconds, type Settings } from "./settings.ts";
import { endOverride } from "./transitions.ts";
import { SENT_ELSEWHERE, turnAway } from "./turn-away.ts";

/** While a breaker is not closed for good, it is decided request by request. */
function admit(cell: Cell, rejection: Rejection, context: Context, raw: StoreValue | undefined): Decision | undefined {
  const settings = cell.settings;
  const now = settings.host.clock.now();
  if (raw !== cell.raw || raw === undefined) {
    adopt(cell, raw, now);
  }
  const state = cell.state;
  if (state.kind === "closed") {
    return cell.recovering ? admitRecovering(cell, rejection, context, now) : undefined;
  }
  if (state.kind !== "open") {
    if (now >= state.untilSeconds) {
      endOverride(cell, now);
      return undefined;
    }
    return state.kind === "forced_closed"
      ? undefined
      : turnAway(settings, rejection, context, state.untilSeconds - now);
  }
  if (!openEnded(now, state.sinceSeconds, state.untilSeconds)) {
    return turnAway(settings, rejection, context, state.untilSeconds - now);
  }
  const probe = leaseProbe(cell, now);
  if (probe === undefined) {
    // Judging the probes may have closed it just now.
    return cell.closed ? undefined : turnAway(settings, rejection, context, 1);
  }
  settings.marked += 1;
  context.remember(settings.mark, probe);
  return undefined;
}

function admitRecovering(cell: Cell, rejection: Rejection, context: Context, now: number): Decision | undefined {
  const settings = cell.settings;
  const share = recoveryShare(now - cell.recoverySince, settings.config.recovery_seconds);
  if (share >= 1) {
    cell.recovering = false;
    setQuick(cell);
    return undefined;
  }
  return settings.host.random.next() < share ? undefined : turnAway(settings, rejection, context, 1);
}

/** Ends what a marked request stands for; false when this one carries no mark. */
function settleMarked(settings: Settings, context: Context): boolean {
  const memory = context.recall(settings.mark) as Probe | typeof SENT_ELSEWHERE | undefined;
  if (memory === undefined) {
    return false;
  }
  settings.marked -= 1;
  if (memory !== SENT_ELSEWHERE) {
    const now = settings.host.clock.now();
    settleProbe(memory, now, outcomeOf(settings, context, now - context.startSeconds()));
  }
  return true;
}

/** One breaker for a route or for an upstream. */
function singleBreaker(config: Config, host: Host, id: string): Handlers {
  const settings = newSettings(config, host, id);
  const clock = host.clock;
  const store = settings.store;
  const cell = newCell(settings, id, "", clock.now());
  const stateKey = cell.stateKey;
  const rejection = newRejection(config.fallback);
  refreshCell(cell, clock.now());
  host.timer.every(tickSeconds(config), () => {
    adaptThresholds(settings);
    refreshCell(cell, clock.now());
  });
  return {
    access: (context) => {
      const raw = cell.rotateDue ? rotateCounter(cell) : store.get(stateKey);
      return raw === cell.quickRaw ? undefined : admit(cell, rejection, context, raw);
    },
    log: (context) => {
      if (settings.marked > 0 && settleMarked(settings, context)) {
        return;
      }
      if (!cell.closed) {
        return;
      }
      const started = context.startSeconds();
      if (started < cell.countedSince) {
        return;
      }
      const now = clock.now();
      const delta = outcomeOf(settings, context, now - started);
      if (delta !== 0) {
        countOutcome(cell, now, delta);
      }
    },
    admin: [breakerResource(cell)],
    metrics: (emit) => {
      emitCell(cell, emit);
      emitTurnedAway(settings, id, emit);
    },
  };
}

export { singleBreaker };
