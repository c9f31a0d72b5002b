import type { Clock, Random, Store } from "../_kit/ports.ts";
import { fold, reset, sumUp, type CountedSeries } from "./counted-series.ts";
import { flushSeries } from "./flush.ts";
import { blockStart } from "./sampling.ts";
import type { FlushObserver } from "./series.ts";
import type { Slots } from "./slots.ts";

/** Series of configured labels that are idle are looked for so often. */
const LOOK_SECONDS = 60;
/** Counts requests that found no room of their own. */
export const OVERFLOW_KEY = "overflow";

/**
 * The series of a worker.
 * @noSelf
 */
export interface SeriesPool {
  /** Call it when `series.used` is false, and a request was counted in it. */
  use(series: CountedSeries): void;
  /** Whether there is room for one more series of configured labels, here and in the dict. */
  hasRoom(): boolean;
  /** Takes in a series of configured labels, so that it goes when it is idle. */
  keep(series: CountedSeries): void;
  observe(observer: FlushObserver): void;
  flush(): void;
}

interface Ports {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}

/** @param limit how many series of configured labels a worker holds at most */
export function createSeriesPool(
  { store, clock, random }: Ports,
  slots: Slots,
  limit: (this: void) => number,
): SeriesPool {
  const observers: FlushObserver[] = [];
  let used: CountedSeries[] = [];
  let labelled: CountedSeries[] = [];
  let lookedSeconds = clock.now();

  function use(series: CountedSeries): void {
    series.used = true;
    used.push(series);
  }

  function leaveHome(series: CountedSeries): void {
    if (series.home !== undefined) {
      series.home[series.labels.extra] = undefined;
    }
  }

  /** Counts it as another one that has room. */
  function overflow(series: CountedSeries, other: CountedSeries): void {
    fold(series, other);
    reset(series);
    leaveHome(series);
    if (!other.used) {
      use(other);
    }
  }

  function written(series: CountedSeries, now: number): void {
    for (const observer of observers) {
      observer.series(series);
    }
    if (series.identity.range !== "ordinary") {
      store.incr(OVERFLOW_KEY, series.requests, 0, 0);
    }
    series.usedSeconds = now;
    blockStart(series, random.next());
    reset(series);
  }

  /** @returns false when it is to be flushed later: another worker registers it just now */
  function flushOne(series: CountedSeries, now: number): boolean {
    sumUp(series);
    if (flushSeries(store, slots, series)) {
      written(series, now);
      return true;
    }
    if (series.fallback !== undefined && slots.full(series.identity.range)) {
      overflow(series, series.fallback());
      return true;
    }
    return false;
  }

  function dropIdle(now: number): void {
    const present = labelled;
    labelled = [];
    for (const series of present) {
      const isHome = series.home !== undefined && series.home[series.labels.extra] === series;
      if (isHome && (series.used || now - series.usedSeconds < series.identity.idleSeconds)) {
        labelled.push(series);
      } else if (isHome) {
        leaveHome(series);
      }
    }
  }

  return {
    use,
    hasRoom: () => labelled.length < limit() && !slots.full("ordinary"),
    keep: (series) => {
      series.usedSeconds = clock.now();
      labelled.push(series);
    },
    observe: (observer) => {
      observers.push(observer);
    },
    flush: () => {
      const now = clock.now();
      const later: CountedSeries[] = [];
      // What finds no room is added to another one, which may come behind in the list, or was flushed already.
      for (let pass = 0; pass < 3 && used.length > 0; pass++) {
        const present = used;
        used = [];
        for (const series of present) {
          if (!flushOne(series, now)) {
            later.push(series);
          }
        }
      }
      for (const series of later) {
        used.push(series);
      }
      for (const observer of observers) {
        observer.done(now);
      }
      if (now - lookedSeconds >= LOOK_SECONDS || now < lookedSeconds) {
        lookedSeconds = now;
        dropIdle(now);
      }
    },
  };
}
