import { integerText } from "../_core/text.ts";
import type { Json, Store } from "../_kit/ports.ts";
import { MOST_SAMPLES, samplesThatFit } from "./capacity.ts";
import type { Sample } from "./figures.ts";
import { bucketKey, COUNTER_TTL_SECONDS, errorsKey, requestsKey, type Subject } from "./subject.ts";

/** A sample of each route and upstream is kept so often, … */
export const STEP_SECONDS = 5;
/** … and at most so many of them: five minutes. */
export const KEPT_SAMPLES = MOST_SAMPLES;

/** Once in so many steps (an hour) the counters are kept from being forgotten. */
const RENEW_STEPS = 720;

/** @noSelf */
export interface History {
  /**
   * Keeps a sample of what the dict has counted, and its counters from being forgotten. One worker does it for all.
   * @param index which one of all `subjects` of the node it is: where there are too many for the dict, the last ones have no
   * history
   */
  take(subject: Subject, index: number, subjects: number, inFlight: number, nowSeconds: number): void;
  /** The samples that are kept, oldest first; the last one is at most two steps old. Empty when nobody takes any. */
  samples(subject: Subject, nowSeconds: number): readonly Sample[];
  /** Nobody in this worker looks at the subject any more. */
  forget(subject: Subject): void;
}

interface Parsed {
  readonly text: string;
  readonly sample: Sample | undefined;
}

/** Where in the ring the sample of a step is. */
function placeOf(step: number): number {
  return step - KEPT_SAMPLES * Math.floor(step / KEPT_SAMPLES);
}

function sampleKey(subject: Subject, step: number): string {
  return `h:${subject.key}:${integerText(placeOf(step))}`;
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
  /** By subject, then by the place in the ring. */
  const parsed: Record<string, Record<number, Parsed | undefined> | undefined> = {};

  function read(subject: Subject, step: number): Sample | undefined {
    const text = store.get(sampleKey(subject, step));
    if (typeof text !== "string") {
      return undefined;
    }
    const known = parsed[subject.key] ?? {};
    parsed[subject.key] = known;
    const before = known[placeOf(step)];
    if (before !== undefined && before.text === text) {
      return before.sample;
    }
    const sample = parse(text, json);
    known[placeOf(step)] = { text, sample };
    return sample;
  }

  function renew(subject: Subject): void {
    store.expire(requestsKey(subject), COUNTER_TTL_SECONDS);
    store.expire(errorsKey(subject), COUNTER_TTL_SECONDS);
    for (let i = 0; i <= subject.bounds.length; i++) {
      store.expire(bucketKey(subject, i), COUNTER_TTL_SECONDS);
    }
  }

  return {
    take: (subject, index, subjects, inFlight, nowSeconds) => {
      const step = Math.floor(nowSeconds / STEP_SECONDS);
      if (step - RENEW_STEPS * Math.floor(step / RENEW_STEPS) === 0) {
        renew(subject);
      }
      const capacity = store.capacityBytes();
      const bounds = subject.bounds.length;
      const kept = capacity === undefined ? KEPT_SAMPLES : samplesThatFit(capacity, bounds, index, subjects);
      if (kept === 0) {
        return;
      }
      const counts: number[] = [];
      for (let i = 0; i <= subject.bounds.length; i++) {
        counts.push(numberAt(store, bucketKey(subject, i)));
      }
      const requests = numberAt(store, requestsKey(subject));
      const errors = numberAt(store, errorsKey(subject));
      const text = json.encode([nowSeconds, requests, errors, inFlight, counts]);
      store.set(sampleKey(subject, step), text, STEP_SECONDS * (kept + 1));
    },
    samples: (subject, nowSeconds) => {
      const step = Math.floor(nowSeconds / STEP_SECONDS);
      const found: Sample[] = [];
      for (let back = KEPT_SAMPLES - 1; back >= 0; back--) {
        const sample = read(subject, step - back);
        if (sample !== undefined && Math.floor(sample.atSeconds / STEP_SECONDS) === step - back) {
          found.push(sample);
        }
      }
      const newest = found[found.length - 1];
      return newest !== undefined && nowSeconds - newest.atSeconds <= 2 * STEP_SECONDS + 1 ? found : [];
    },
    forget: (subject) => {
      parsed[subject.key] = undefined;
    },
  };
}
