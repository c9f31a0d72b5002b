/**
 * What all instances of the plugin share in a worker. To plug in:
 * - `observe` sees each used series at each flush (history, StatsD);
 * - `addTokens` counts tokens of AI answers; `inFlight` reads requests under way in all workers;
 * - `addFamily` writes more metric families at a scrape;
 * - `LabelReader` gives configured labels: see `counting.ts`.
 */
import type { Exposition, ExpositionSink, Host, WorkerHost } from "../_kit/handlers.ts";
import type { Clock } from "../_kit/ports.ts";
import { labelText, newSeries, reset, sumUp, type CountedSeries } from "./counted-series.ts";
import { writeFamilies } from "./exposition.ts";
import { flushSeries } from "./flush.ts";
import { readGauge, tellGauge, tellLeaving, type Gauge, type UnderWay } from "./in-flight.ts";
import type { FlushObserver, SeriesLabels } from "./series.ts";
import { slotReader } from "./slot-reader.ts";
import { createSlots, type Identity } from "./slots.ts";
import { blockStart } from "./sampling.ts";
import { createUpkeep, type Upkeep } from "./upkeep.ts";

/** @noSelf */
export interface Shared {
  readonly clock: Clock;
  readonly underWay: UnderWay;
  /** Series used since the last flush; whoever counts in one for the first time puts it here. */
  readonly pending: { used: CountedSeries[] };
  readonly exposition: Exposition;
  readonly upkeep: Upkeep;
  /** Room for so many series in the dict. */
  raise(maxSeries: number): void;
  gauge(route: string, upstream: string): Gauge;
  series(labels: SeriesLabels, bounds: readonly number[], bornSeconds: number, idleSeconds: number): CountedSeries;
  observe(observer: FlushObserver): void;
  addFamily(write: (this: void, sink: ExpositionSink) => void): void;
  /** Requests under way in all workers, as far as this worker knows the routes. */
  inFlight(kind: "route" | "upstream", name: string): number;
}

function createShared(worker: WorkerHost): Shared {
  const { clock, random } = worker;
  const store = worker.store("autoscale_metrics");
  const slots = createSlots(store, clock, random, worker.json, 100000);
  const reader = slotReader(store);
  const underWay: UnderWay = {};
  const pending: Shared["pending"] = { used: [] };
  const gauges: Gauge[] = [];
  const observers: FlushObserver[] = [];
  const families: ((this: void, sink: ExpositionSink) => void)[] = [];
  let leaving = false;

  function flush(): void {
    const used = pending.used;
    pending.used = [];
    for (const series of used) {
      sumUp(series);
      if (flushSeries(store, slots, series)) {
        for (const observer of observers) {
          observer.series(series);
        }
        blockStart(series, random.next());
        reset(series);
      } else {
        pending.used.push(series);
      }
    }
    for (const observer of observers) {
      observer.done(clock.now());
    }
  }

  function inFlight(kind: "route" | "upstream", name: string): number {
    let sum = 0;
    for (const gauge of gauges) {
      if ((kind === "route" ? gauge.route : gauge.upstream) === name) {
        const slot = slots.find(gauge.identity);
        sum += slot === undefined ? 0 : readGauge(store, slot.number, worker.highestSlot());
      }
    }
    return sum;
  }

  worker.timer.every(1, () => {
    for (const gauge of gauges) {
      tellGauge(store, slots, gauge, worker.slot());
    }
    flush();
  });
  worker.atExit(() => {
    for (const gauge of gauges) {
      tellLeaving(store, slots, gauge, worker.slot(), !leaving);
    }
    leaving = true;
    flush();
  });

  const upkeep = createUpkeep(worker, inFlight);
  observers.push(upkeep.totals);
  families.push(upkeep.write);

  return {
    clock,
    upkeep,
    underWay,
    pending,
    exposition: {
      write: (sink) => {
        writeFamilies(sink, store, slots, reader, worker.highestSlot());
        for (const write of families) {
          write(sink);
        }
      },
    },
    raise: slots.raise,
    gauge: (route, upstream) => {
      for (const gauge of gauges) {
        if (gauge.route === route && gauge.upstream === upstream) {
          return gauge;
        }
      }
      const labels = `route="${route}",upstream="${upstream}"`;
      const identity: Identity = {
        kind: "in_flight",
        labels,
        bounds: [],
        bornSeconds: 0,
        idleSeconds: 900,
        reserved: true,
      };
      const gauge: Gauge = { route, upstream, identity, count: 0, told: 0, slot: undefined };
      gauges.push(gauge);
      return gauge;
    },
    series: (labels, bounds, bornSeconds, idleSeconds) =>
      newSeries(labels, {
        kind: "requests",
        labels: labelText(labels),
        bounds,
        bornSeconds,
        idleSeconds,
        reserved: false,
      }),
    observe: (observer) => {
      observers.push(observer);
    },
    addFamily: (write) => {
      families.push(write);
    },
    inFlight,
  };
}

/** The shared object of this worker. */
export function sharedOf(host: Host): Shared {
  return host.shared("metrics", createShared);
}
