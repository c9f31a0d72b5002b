/**
 * An upstream in simulated time, behind a concurrency limit: so many servers, one queue without a bound, the same service time
 * for each request, arrivals at random. What finds no place under the limit is shed at once.
 */
import type { LimitSample } from "../../plugins/_core/concurrency/limit-state.ts";

export interface Plant {
  /** Servers: C. */
  servers: number;
  serviceSeconds: number;
  /** Requests a second; 0: nobody comes. */
  rate: number;
  /** Percent of the limit that they may use. */
  share: number;
  /** Of the limit, as it is now. */
  limit: number;
  readonly now: number;
  /** Lets `seconds` pass; tells what happened. */
  pass(seconds: number): PlantInterval;
}

export interface PlantInterval {
  readonly sample: LimitSample;
  readonly arrived: number;
  readonly shed: number;
  /** Requests that were answered. */
  readonly done: number;
}

/** Uniform in (0, 1), the same each time: xorshift32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4294967296;
  };
}

export function newPlant(options: { servers: number; serviceSeconds: number; rate: number }, seed = 1): Plant {
  const random = generator(seed);
  /** When each request under way ends, and how long it took; in the order they end. */
  let underWay: { readonly ends: number; readonly seconds: number }[] = [];
  let free: number[] = [];
  let now = 0;
  let next = 0;

  function start(plant: Plant): void {
    free = free.slice(-plant.servers);
    while (free.length < plant.servers) free.unshift(now);
    const [soonest = now] = free.sort((a, b) => a - b);
    const ends = Math.max(soonest, now) + plant.serviceSeconds;
    free[0] = ends;
    underWay.push({ ends, seconds: ends - now });
    underWay.sort((a, b) => a.ends - b.ends);
  }

  const plant: Plant = {
    ...options,
    share: 100,
    limit: 1,
    get now() {
      return now;
    },
    pass: (seconds) => {
      const until = now + seconds;
      let [arrived, shed, maxInFlight, sum] = [0, 0, underWay.length, 0];
      let done: { readonly seconds: number }[] = [];
      const settle = (at: number): void => {
        const over = underWay.filter(({ ends }) => ends <= at);
        underWay = underWay.slice(over.length);
        done = [...done, ...over];
      };
      next = Math.max(next, now);
      for (;;) {
        next = plant.rate > 0 ? next - Math.log(random()) / plant.rate : until;
        if (next >= until) break;
        now = next;
        settle(now);
        arrived += 1;
        if (underWay.length < Math.max(1, Math.floor((plant.limit * plant.share) / 100))) start(plant);
        else shed += 1;
        maxInFlight = Math.max(maxInFlight, underWay.length);
      }
      now = until;
      settle(now);
      for (const one of done) sum += one.seconds;
      const count = done.length;
      const sample = { seconds: count > 0 ? sum / count : 0, count, maxInFlight, drops: 0, limited: shed > 0 };
      return { sample, arrived, shed, done: count };
    },
  };
  return plant;
}
