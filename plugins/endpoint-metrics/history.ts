import { integerText } from "../_core/text.ts";
import type { Json, Store } from "../_kit/ports.ts";
import { MOST_SAMPLES, samplesThatFit } from "./capacity.ts";
import type { Sample } from "./figures.ts";
import { bucketKey, errorsKey, requestsKey, type Subject } from "./totals.ts";

/** A sample of each route and upstream is kept so often, … */
export const STEP_SECONDS = 5;
/** … and at most so many of them: five minutes. */
export const KEPT_SAMPLES = MOST_SAMPLES;

/** @noSelf */
export interface History {
  /**
   * Keeps a sample of what the dict has counted. One worker does it for all.
   * @param index which one of all `subjects` it is: where there are too many for the dict, the last ones have no history
   */
  take(subject: Subject, index: number, subjects: number, inFlight: number, nowSeconds: number): void;
  /** The samples that are kept, oldest first; the last one is at most two steps old. Empty when nobody takes any. */
  samples(subject: Subject, nowSeconds: number): readonly Sample[];
}

interface Parsed {
  readonly text: string;
  readonly sample: Sample | undefined;
}

function keyOf(subject: Subject, period: number): string {
  return `h:${subject.key}:${integerText(period - KEPT_SAMPLES * Math.floor(period / KEPT_SAMPLES))}`;
}

function numberAt(store: Store, key: string): number {
  const value = store.get(key);
  return typeof value === "number" ? value : 0;
}

function parse(text: string, json: Json): Sample | undefined {
  const fields = json.decode(text) as readonly unknown[] | undefined;
  if (fields === undefined) {
    return undefined;
  }
  const atSeconds = fields[0] as number;
  const requests = fields[1] as number;
  const errors = fields[2] as number;
  const inFlight = fields[3] as number;
  const counts = fields[4] as readonly number[];
  return { atSeconds, requests, errors, inFlight, counts };
}

/** Samples in the dict, in a ring by the number of their step; read ones are kept parsed in this worker. */
export function createHistory(store: Store, json: Json): History {
  const parsed: Record<string, Parsed | undefined> = {};

  function read(key: string): Sample | undefined {
    const text = store.get(key);
    if (typeof text !== "string") {
      return undefined;
    }
    const before = parsed[key];
    if (before !== undefined && before.text === text) {
      return before.sample;
    }
    const sample = parse(text, json);
    parsed[key] = { text, sample };
    return sample;
  }

  return {
    take: (subject, index, subjects, inFlight, nowSeconds) => {
      const capacity = store.capacityBytes();
      const bounds = subject.bounds.length;
      const kept = capacity === undefined ? KEPT_SAMPLES : samplesThatFit(capacity, bounds, index, subjects);
      if (kept === 0) {
        return;
      }
      const counts: number[] = [];
      for (let i = 0; i <= subject.bounds.length; i++) {
        counts.push(numberAt(store, bucketKey(subject.key, i)));
      }
      const requests = numberAt(store, requestsKey(subject.key));
      const errors = numberAt(store, errorsKey(subject.key));
      const text = json.encode([nowSeconds, requests, errors, inFlight, counts]);
      const key = keyOf(subject, Math.floor(nowSeconds / STEP_SECONDS));
      store.set(key, text, STEP_SECONDS * (kept + 1));
    },
    samples: (subject, nowSeconds) => {
      const period = Math.floor(nowSeconds / STEP_SECONDS);
      const found: Sample[] = [];
      for (let back = KEPT_SAMPLES - 1; back >= 0; back--) {
        const sample = read(keyOf(subject, period - back));
        if (sample !== undefined && Math.floor(sample.atSeconds / STEP_SECONDS) === period - back) {
          found.push(sample);
        }
      }
      const newest = found[found.length - 1];
      return newest !== undefined && nowSeconds - newest.atSeconds <= 2 * STEP_SECONDS + 1 ? found : [];
    },
  };
}
