import type { Store } from "../_kit/ports.ts";
import type { FlushObserver, Series } from "./series.ts";
import { add, isBefore, keyOf, newSubject, publish, type Subject } from "./subject.ts";

/** @noSelf */
export interface Totals extends FlushObserver {
  /** Begins to count `id` for an instance. */
  watch(id: string, bounds: readonly number[]): Subject;
  /** One instance less wants it; with none left it is counted no more. */
  leave(subject: Subject): void;
  /**
   * The one that is counted in. Where instances want `id` with other bounds, it is the one of the most bounds: workers that
   * know the same routes take the same one, in whatever order they met them.
   */
  current(id: string): Subject | undefined;
  /** All that are counted in. */
  subjects(): readonly Subject[];
}

/** Sums of the series by route and by upstream: what windows, the status page and autoscaling need, at few keys. */
export function createTotals(store: Store): Totals {
  let all: Subject[] = [];
  let byId: Record<string, Subject[] | undefined> = {};
  /** Some are wanted by nobody; they go at the end of a flush. */
  let hasLeft = false;

  function keep(subject: Subject): void {
    const same = byId[subject.id] ?? [];
    byId[subject.id] = same;
    same.push(subject);
    all.push(subject);
  }

  function current(id: string): Subject | undefined {
    let found: Subject | undefined;
    for (const subject of byId[id] ?? []) {
      if (subject.holders > 0 && (found === undefined || isBefore(subject, found))) {
        found = subject;
      }
    }
    return found;
  }

  function present(id: string, key: string): Subject | undefined {
    for (const subject of byId[id] ?? []) {
      if (subject.key === key) {
        return subject;
      }
    }
    return undefined;
  }

  function dropLeft(): void {
    const before = all;
    all = [];
    byId = {};
    hasLeft = false;
    for (const subject of before) {
      if (subject.holders > 0) {
        keep(subject);
      }
    }
  }

  function count(id: string, series: Series): void {
    const subject = current(id);
    if (subject !== undefined) {
      add(subject, series);
    }
  }

  return {
    watch: (id, bounds) => {
      const key = keyOf(id, bounds);
      let subject = present(id, key);
      if (subject === undefined) {
        subject = newSubject(id, bounds);
        keep(subject);
      }
      subject.holders += 1;
      return subject;
    },
    leave: (subject) => {
      subject.holders -= 1;
      hasLeft = hasLeft || subject.holders === 0;
    },
    current,
    subjects: () => {
      const counted: Subject[] = [];
      for (const subject of all) {
        if (current(subject.id) === subject) {
          counted.push(subject);
        }
      }
      return counted;
    },
    series: (series) => {
      count(`route:${series.labels.route}`, series);
      count(`upstream:${series.labels.upstream}`, series);
    },
    done: () => {
      for (const subject of all) {
        publish(subject, store);
      }
      if (hasLeft) {
        dropLeft();
      }
    },
  };
}
