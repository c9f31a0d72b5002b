import type { AdminResource } from "../_kit/handlers.ts";
import { readState } from "./adopt.ts";
import { stateName, type Cell } from "./cell.ts";
import { claimTurn, writeClosed, writeForced } from "./transitions.ts";
import { windowTotals } from "./totals.ts";

const DEFAULT_TTL_SECONDS = 300;
const MAX_TTL_SECONDS = 86400;
const MAX_REASON_LENGTH = 200;
/** Another worker may be making a transition at this moment: its turn ends by itself, or the state moves on. */
const TRIES = 5;

type Override = "open" | "closed" | "auto";

function overrideOf(value: unknown): Override | undefined {
  return value === "open" || value === "closed" || value === "auto" ? value : undefined;
}

function apply(cell: Cell, now: number, state: Override, ttlSeconds: number, reason: string): string | undefined {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    readState(cell, now);
    const kind = cell.state.kind;
    const forced = kind === "forced_open" || kind === "forced_closed";
    if (state === "auto" && !forced) {
      return undefined;
    }
    cell.claimAfter = 0;
    if (claimTurn(cell, now)) {
      if (state === "auto") {
        writeClosed(cell, now, kind === "forced_open", reason, {});
      } else {
        writeForced(cell, now, state === "open" ? "forced_open" : "forced_closed", now + ttlSeconds, reason);
      }
      return undefined;
    }
  }
  return "the breaker is changing its state at this moment: try again in a second";
}

function put(cell: Cell, body: Readonly<Record<string, unknown>>): string | undefined {
  for (const name in body) {
    if (name !== "state" && name !== "ttl_seconds" && name !== "reason") {
      return `"${name}" is not known: give state, ttl_seconds and reason`;
    }
  }
  const state = overrideOf(body["state"]);
  if (state === undefined) {
    return 'state must be "open", "closed" or "auto"';
  }
  const ttl = body["ttl_seconds"] === undefined ? DEFAULT_TTL_SECONDS : body["ttl_seconds"];
  if (typeof ttl !== "number" || !(ttl >= 1 && ttl <= MAX_TTL_SECONDS)) {
    return "ttl_seconds must be a number from 1 to 86400";
  }
  const reason = body["reason"] === undefined ? "by hand" : body["reason"];
  if (typeof reason !== "string" || reason.length > MAX_REASON_LENGTH) {
    return "reason must be a text of at most 200 characters";
  }
  return apply(cell, cell.settings.host.clock.now(), state, ttl, reason);
}

/** The breaker as people see it on the admin server. Figures are this worker's view of its window. */
function breakerResource(cell: Cell): AdminResource {
  const settings = cell.settings;
  return {
    collection: "breakers",
    id: cell.id,
    get: () => {
      const now = settings.host.clock.now();
      readState(cell, now);
      const totals = windowTotals(cell);
      const since = cell.closed ? cell.countedSince : cell.state.sinceSeconds;
      return {
        state: stateName(cell, now),
        since,
        until: cell.state.untilSeconds,
        attempt: cell.state.attempt,
        generation: cell.state.generation,
        reason: cell.state.reason,
        recovering: cell.recovering,
        shadow: settings.host.shadow,
        calls: totals.calls,
        failure_rate: totals.calls > 0 ? (totals.failures * 100) / totals.calls : 0,
        slow_rate: totals.calls > 0 ? (totals.slow * 100) / totals.calls : 0,
        failure_threshold: settings.failurePercent,
        slow_threshold: settings.slowPercent,
        minimum_calls: settings.minimumCalls,
      };
    },
    put: (body) => put(cell, body),
  };
}

export { breakerResource };
