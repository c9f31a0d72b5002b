import type { Context } from "../_kit/context.ts";
import type { Decision } from "../_kit/decision.ts";
import type { Handlers, Host } from "../_kit/handlers.ts";
import { concurrencyResource, emitConcurrency } from "./concurrency-report.ts";
import { concurrencyOf } from "./concurrency-worker.ts";
import type { Config } from "./config.ts";
import { observe } from "./observe.ts";
import { leavePlace, takeAnyway, takePlace } from "./places.ts";
import { priorityReader, type Priority } from "./priority.ts";
import { admitWaiting, forgetWaiting, waitForPlace } from "./queue.ts";
import { shedAnswers } from "./shed-answer.ts";
import { steer } from "./steering.ts";

/** Lets as many requests go upstream at once as it bears. See README.md. */
function create(config: Config, host: Host): Handlers {
  const { route, upstream } = host.place;
  const shadow = host.shadow;
  const { underWay, hold, release, onLost } = concurrencyOf(host);
  const cell = hold(config.scope === "route" ? `route:${route}` : `upstream:${upstream}`, config);
  const read = priorityReader(config.priorities.by);
  const shedAnswer = shedAnswers(config.reject, host.json, host.random);
  const mayWait = config.queue.depth > 0 && !shadow;

  /** The request found no place at once. */
  function turnBack(handle: number, priority: Priority): Decision | undefined {
    cell.turnedBack += 1;
    if (mayWait && waitForPlace(underWay, handle, cell, priority, onLost)) {
      priority.queued += 1;
      return undefined;
    }
    cell.shed += 1;
    if (shadow) {
      priority.wouldShed += 1;
      takeAnyway(underWay, handle, cell, onLost);
      return undefined;
    }
    priority.shed += 1;
    return shedAnswer();
  }

  host.timer.every(config.interval_seconds, () => {
    steer(cell);
    if (cell.waiting > 0) {
      // The limit may have risen.
      admitWaiting(underWay, cell, onLost);
    }
  });

  return {
    access: (context: Context) => {
      const handle = context.handle();
      const held = underWay[handle];
      if (held === cell) {
        // On its second way through access, or another one under the same handle has ended without log: the place is its own.
        return undefined;
      }
      if (held !== undefined) {
        leavePlace(underWay, handle);
      }
      const { byName, fallback } = cell.priorities;
      const name = read(context);
      const priority = name === undefined ? fallback : (byName[name] ?? fallback);
      // Whoever comes while others wait does not overtake them.
      if (cell.waiting === 0 && takePlace(underWay, handle, cell, priority, onLost)) {
        priority.admitted += 1;
        return undefined;
      }
      return turnBack(handle, priority);
    },
    log: (context: Context) => {
      const handle = context.handle();
      const held = leavePlace(underWay, handle);
      if (held !== undefined) {
        observe(held, context);
      } else if (cell.waiting > 0) {
        forgetWaiting(cell, handle);
      }
      if (held !== undefined && held.waiting > 0) {
        admitWaiting(underWay, held, onLost);
      }
    },
    admin: [concurrencyResource(cell, shadow)],
    metrics: (emit) => {
      emitConcurrency(cell, emit);
    },
    end: () => {
      release(cell);
    },
  };
}

export { create };
