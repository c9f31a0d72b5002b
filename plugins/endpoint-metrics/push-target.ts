import { integerText } from "../_core/text.ts";
import type { WorkerHost } from "../_kit/handlers.ts";
import type { Statsd } from "./config.ts";
import { createDeltas, type Deltas } from "./push-deltas.ts";
import { newBatch } from "./statsd-batch.ts";
import { subjectOf, writeGauge } from "./statsd-lines.ts";

/** Datagrams that did not leave, and lines that fit in none. */
export const FAILED_KEY = "push:failed";

/** How long another worker may wait to send what a finished one has left. */
const LEFT_SECONDS = 600;
const LOCK_SECONDS = 30;
/** The time is looked at so often in an interval. */
const LOOKS = 8;
/** Slot times this, without the whole part, spreads any number of workers evenly (the golden ratio's fraction). */
const SPREAD = 0.618034;

/** Requests under way of a route, in all workers. */
export type RouteInFlight = (this: void, route: string) => number;

/**
 * One StatsD server, as one worker sends to it.
 * @noSelf
 */
export interface PushTarget {
  readonly deltas: Deltas;
  /** The route's requests under way are told too, until `dropRoute` was called as often. */
  addRoute(route: string): void;
  dropRoute(route: string): void;
  /** Call it after each flush: a worker that finishes cannot send, and leaves its figures to the others. */
  flushed(): void;
}

export function createPushTarget(worker: WorkerHost, statsd: Statsd, inFlight: RouteInFlight): PushTarget {
  const store = worker.store("autoscale_metrics");
  const datagrams = worker.datagrams(statsd.address);
  const deltas = createDeltas(statsd);
  /** How many instances there are of each route. */
  const routes: Record<string, number | undefined> = {};
  const left = `push:${statsd.address}`;
  let leaving = false;
  let turn = turnNow();

  /** Which interval it is: workers change to the next one at different times. */
  function turnNow(): number {
    const share = worker.slot() * SPREAD;
    return Math.floor(worker.clock.now() / statsd.interval_seconds - (share - Math.floor(share)));
  }

  function countFailed(count: number): void {
    if (count > 0) {
      store.incr(FAILED_KEY, count, 0, 0);
    }
  }

  /** Sends until one datagram does not leave: behind an address that does not answer there is no use in more. */
  function sender(): { readonly send: (this: void, payload: string | undefined) => void; failed: number } {
    const state = { failed: 0, away: false, send: (_payload: string | undefined): void => undefined };
    state.send = (payload) => {
      if (payload === undefined) {
        state.failed += 1;
      } else if (state.away || !datagrams.send(payload)) {
        state.away = true;
        state.failed += 1;
      }
    };
    return state;
  }

  /** What workers that finished have left; one worker at a time takes it. */
  function sendLeft(send: (this: void, payload: string | undefined) => void): void {
    const last = store.get(`${left}:last`);
    const sent = store.get(`${left}:sent`);
    let at = typeof sent === "number" ? sent : 0;
    if (typeof last !== "number" || last <= at || !store.add(`${left}:lock`, true, LOCK_SECONDS)) {
      return;
    }
    while (at < last) {
      at += 1;
      const key = `${left}:${integerText(at)}`;
      const payload = store.get(key);
      store.set(`${left}:sent`, at);
      if (typeof payload === "string") {
        store.remove(key);
        send(payload);
      }
    }
    store.remove(`${left}:lock`);
  }

  /** A gauge is one number for the node: one worker tells it, and a last time when it has become 0. */
  function tellGauges(take: (this: void, line: string) => void): void {
    const interval = Math.floor(worker.clock.now() / statsd.interval_seconds);
    if (!store.add(`${left}:gauges:${integerText(interval)}`, true, 2 * statsd.interval_seconds)) {
      return;
    }
    for (const route in routes) {
      const key = `${left}:gauge:${route}`;
      const value = routes[route] === undefined ? 0 : inFlight(route);
      if (value !== 0 || (store.get(key) ?? 0) !== 0) {
        store.set(key, value);
        writeGauge(take, subjectOf(statsd, [{ name: "route", value: route }]), "requests_in_flight", value);
      } else if (routes[route] === 0) {
        // It is gone, and its last 0 was told.
        routes[route] = undefined;
      }
    }
  }

  function push(): void {
    const out = sender();
    const batch = newBatch(statsd.mtu_bytes, out.send);
    deltas.drain(batch.add);
    tellGauges(batch.add);
    batch.end();
    sendLeft(out.send);
    countFailed(out.failed);
  }

  function leave(): void {
    const batch = newBatch(statsd.mtu_bytes, (payload) => {
      const number = payload === undefined ? undefined : store.incr(`${left}:last`, 1, 0, 0);
      if (payload === undefined || number === undefined) {
        countFailed(1);
      } else {
        store.set(`${left}:${integerText(number)}`, payload, LEFT_SECONDS);
      }
    });
    deltas.drain(batch.add);
    batch.end();
  }

  worker.timer.every(statsd.interval_seconds / LOOKS, () => {
    const now = turnNow();
    if (now !== turn) {
      turn = now;
      push();
    }
  });
  worker.atExit(() => {
    leaving = true;
    leave();
  });

  return {
    deltas,
    addRoute: (route) => {
      routes[route] = (routes[route] ?? 0) + 1;
    },
    dropRoute: (route) => {
      routes[route] = (routes[route] ?? 0) - 1;
    },
    flushed: () => {
      if (leaving) {
        leave();
      }
    },
  };
}
