import {
  addCost,
  historyWeight,
  isSurging,
  newClientRate,
  usualRate,
  type ClientRate,
} from "../../_core/limit/surge-rate.ts";

/** Clients of one generation; there are two of them. */
const MOST_CLIENTS = 4096;
/** A generation is over after so long, too: who has sent nothing for one to two of them is forgotten. */
const GENERATION_SECONDS = 600;

type Generation = Record<string, ClientRate | undefined>;

/**
 * What each client of a route sends, as this worker sees it: nothing is shared, since only the ratio to the client's own past
 * counts. At most 8,192 clients are known; of more, those are forgotten that have been silent for longest.
 * @returns counts a request, and tells whether its client surges
 */
export function surgeTable(multiple: number): (this: void, key: string, cost: number, nowSeconds: number) => boolean {
  let recent: Generation = {};
  let older: Generation = {};
  let recentCount = 0;
  let olderCount = 0;
  let turnSeconds = 0;
  /** All clients together, and when the first one came. */
  let all: ClientRate | undefined;
  let sinceSeconds = 0;

  function turn(now: number): void {
    older = recent;
    olderCount = recentCount;
    recent = {};
    recentCount = 0;
    turnSeconds = now;
  }

  /** A new client is taken for an average one, as far as it is known not to have been there. */
  function unknown(total: ClientRate, now: number): ClientRate {
    const clients = recentCount + olderCount + 1;
    return newClientRate(usualRate(total) / clients, historyWeight(now - sinceSeconds), now);
  }

  function keep(key: string, rate: ClientRate, now: number): void {
    if (recentCount >= MOST_CLIENTS || now - turnSeconds > GENERATION_SECONDS || now < turnSeconds) {
      turn(now);
    }
    recent[key] = rate;
    recentCount += 1;
  }

  return (key, cost, now) => {
    if (all === undefined) {
      all = newClientRate(0, 0, now);
      sinceSeconds = now;
      turnSeconds = now;
    }
    let rate = recent[key];
    if (rate === undefined) {
      const known = older[key];
      rate = known ?? unknown(all, now);
      if (known !== undefined) {
        older[key] = undefined;
        olderCount -= 1;
      }
      keep(key, rate, now);
    }
    addCost(all, cost, now);
    addCost(rate, cost, now);
    return isSurging(rate, cost, multiple);
  };
}
