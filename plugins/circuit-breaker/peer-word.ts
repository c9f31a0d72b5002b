import { openEnded } from "../_core/breaker-state.ts";
import type { Context } from "../_kit/context.ts";
import type { Cell } from "./cell.ts";
import type { Probe } from "./probes.ts";
import type { Settings } from "./settings.ts";
import type { SENT_ELSEWHERE } from "./turn-away.ts";

/** What a request remembers of this instance: the probe that it is, or that it goes to another upstream. */
export type Memory = Probe | typeof SENT_ELSEWHERE | undefined;

/** What a breaker says to a request: take it, do not, or only as a probe. */
export type Word = "yes" | "no" | "probe";

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

function recallMark(settings: Settings, context: Context): Memory {
  return settings.marked > 0 ? (context.recall(settings.mark) as Memory) : undefined;
}

export { ask, recallMark, remember };
