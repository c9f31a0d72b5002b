import { escapedLabel } from "../_core/label-text.ts";
import type { WorkerHost } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import { readGauge, tellGauge, tellLeaving, type Gauge } from "./in-flight.ts";
import type { Slots } from "./slots.ts";

/**
 * The gauges of a worker, one for each route and upstream.
 * @noSelf
 */
export interface Gauges {
  /** The same one each time, held until `release`. */
  gauge(route: string, upstream: string, idleSeconds: number): Gauge;
  /** One instance less needs it; with none left it goes once no request is under way. */
  release(gauge: Gauge): void;
  /** How many there are. */
  count(): number;
  /** Each second. */
  tell(): void;
  /** In place of `tell` once the worker was told to finish, and after each request that ends then. */
  tellLeaving(): void;
  /** Requests under way in all workers, as far as this worker knows the routes. */
  inFlight(this: void, kind: "route" | "upstream", name: string): number;
}

export function createGauges(worker: WorkerHost, store: Store, slots: Slots): Gauges {
  let gauges: Gauge[] = [];
  let leaving = false;
  /** Some are held by nobody. */
  let released = false;

  /** Keeps those that somebody holds, or whose last requests are under way or not yet told of. */
  function dropReleased(): void {
    const kept: Gauge[] = [];
    released = false;
    for (const gauge of gauges) {
      if (gauge.holders > 0) {
        kept.push(gauge);
      } else if (gauge.count > 0 || gauge.told > 0) {
        kept.push(gauge);
        released = true;
      }
    }
    gauges = kept;
  }

  return {
    gauge: (route, upstream, idleSeconds) => {
      for (const gauge of gauges) {
        if (gauge.route === route && gauge.upstream === upstream) {
          gauge.holders += 1;
          return gauge;
        }
      }
      const labels = `route="${escapedLabel(route)}",upstream="${escapedLabel(upstream)}"`;
      const gauge: Gauge = {
        route,
        upstream,
        identity: { kind: "in_flight", labels, bounds: [], bornSeconds: 0, idleSeconds, range: "reserved" },
        holders: 1,
        count: 0,
        told: 0,
        keepAfterSeconds: 0,
        slot: undefined,
      };
      gauges.push(gauge);
      return gauge;
    },
    release: (gauge) => {
      gauge.holders -= 1;
      released = released || gauge.holders === 0;
    },
    count: () => gauges.length,
    tell: () => {
      if (released) {
        dropReleased();
      }
      for (const gauge of gauges) {
        tellGauge(store, slots, gauge, worker.slot(), worker.clock.now());
      }
    },
    tellLeaving: () => {
      for (const gauge of gauges) {
        tellLeaving(store, slots, gauge, worker.slot(), !leaving);
      }
      leaving = true;
    },
    inFlight: (kind, name) => {
      let sum = 0;
      for (const gauge of gauges) {
        if ((kind === "route" ? gauge.route : gauge.upstream) === name) {
          const slot = slots.find(gauge.identity);
          sum += slot === undefined ? 0 : readGauge(store, slot.number, worker.highestSlot());
        }
      }
      return sum;
    },
  };
}
