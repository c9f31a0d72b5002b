import type { Context } from "../_kit/context.ts";
import type { Gate } from "../_kit/ports.ts";
import type { PrioritiesConfig } from "./config.ts";

/** Requests of one priority, in this worker. */
export interface Priority {
  readonly name: string;
  /** Percent of the limit. */
  readonly share: number;
  /** None has a larger share. */
  readonly isTop: boolean;
  /** With so many under way in all workers, itself included, a request of this priority is still let in. */
  places: number;
  /** Since the last flush. */
  admitted: number;
  queued: number;
  shed: number;
  wouldShed: number;
  /** Those that wait for a place, in the order they came. */
  firstWaiter: Waiter | undefined;
  lastWaiter: Waiter | undefined;
}

/** `waiting`, or what has become of it: a place was found, a more important request took its place in the queue, or it ended. */
export type WaiterState = "waiting" | "granted" | "displaced" | "over";

/** A request of this worker that waits for a place. */
export interface Waiter {
  readonly handle: number;
  readonly priority: Priority;
  /** Posted when its state changes, or when it has become the first. */
  readonly gate: Gate;
  state: WaiterState;
  /** In the order they came, within the priority. */
  before: Waiter | undefined;
  after: Waiter | undefined;
}

/** The priorities of one limit. */
export interface Priorities {
  readonly byName: Readonly<Record<string, Priority | undefined>>;
  /** From the largest share to the smallest; of equal ones by name. */
  readonly ranked: readonly Priority[];
  readonly fallback: Priority;
}

function isBefore(a: Priority, b: Priority): boolean {
  return a.share === b.share ? a.name < b.name : a.share > b.share;
}

function newPriority(name: string, share: number, topShare: number): Priority {
  return {
    name,
    share,
    isTop: share >= topShare,
    places: 1,
    admitted: 0,
    queued: 0,
    shed: 0,
    wouldShed: 0,
    firstWaiter: undefined,
    lastWaiter: undefined,
  };
}

function insert(ranked: Priority[], added: Priority): void {
  let at = ranked.length;
  ranked.push(added);
  for (; at > 0; at--) {
    const before = ranked[at - 1];
    if (before === undefined || isBefore(before, added)) {
      break;
    }
    ranked[at] = before;
  }
  ranked[at] = added;
}

export function newPriorities(config: PrioritiesConfig): Priorities {
  let topShare = 0;
  for (const name in config.shares) {
    const share = config.shares[name] ?? 0;
    topShare = share > topShare ? share : topShare;
  }
  const byName: Record<string, Priority | undefined> = {};
  const ranked: Priority[] = [];
  for (const name in config.shares) {
    const priority = newPriority(name, config.shares[name] ?? 0, topShare);
    byName[name] = priority;
    insert(ranked, priority);
  }
  // `check` has seen to it that the default is there.
  return { byName, ranked, fallback: byName[config.default] as Priority };
}

function hasShares(a: PrioritiesConfig, b: PrioritiesConfig): boolean {
  for (const name in b.shares) {
    if (a.shares[name] !== b.shares[name]) {
      return false;
    }
  }
  return true;
}

/** Whether they name the same priorities with the same shares. */
export function samePriorities(a: PrioritiesConfig, b: PrioritiesConfig): boolean {
  return a.default === b.default && hasShares(a, b) && hasShares(b, a);
}

/**
 * Gives each priority its places: its share of the limit, and at least one.
 * @param others the limit of those without the largest share, which is lower while the latency without load is looked for
 */
export function sharePlaces({ ranked }: Priorities, limit: number, others: number): void {
  for (const priority of ranked) {
    const places = Math.floor(((priority.isTop ? limit : others) * priority.share) / 100);
    priority.places = places > 1 ? places : 1;
  }
}

/** Reads what says the priority of a request. */
export type ReadPriority = (this: void, context: Context) => string | undefined;

export function priorityReader(by: string): ReadPriority {
  if (by === "consumer") {
    return (context) => context.consumer();
  }
  // The schema allows nothing else but `header:N`.
  const name = by.slice(7);
  return (context) => context.header(name);
}
