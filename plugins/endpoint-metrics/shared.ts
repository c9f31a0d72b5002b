/**
 * What all instances of the plugin share in a worker. To plug in:
 * - `observe` sees each used series at each flush (totals, StatsD);
 * - `tallies.sink` counts tokens of AI answers; `inFlight` reads requests under way in all workers;
 * - `addFamily` writes more metric families at a scrape.
 */
import type { Exposition, ExpositionSink, Host, WorkerHost } from "../_kit/handlers.ts";
import { seriesThatFit } from "./capacity.ts";
import { writeFamilies } from "./exposition.ts";
import { createGauges, type Gauges } from "./gauges.ts";
import type { UnderWay } from "./in-flight.ts";
import type { FlushObserver } from "./series.ts";
import { createSeriesPool, type SeriesPool } from "./series-pool.ts";
import { slotReader } from "./slot-reader.ts";
import { createSlots } from "./slots.ts";
import { sweep } from "./sweep.ts";
import { createTallies, type Tallies } from "./tallies.ts";
import { createUpkeep, type Upkeep } from "./upkeep.ts";

/** @noSelf */
export interface Shared {
  readonly underWay: UnderWay;
  readonly pool: SeriesPool;
  readonly gauges: Gauges;
  readonly tallies: Tallies;
  readonly exposition: Exposition;
  readonly upkeep: Upkeep;
  /**
   * Makes room for so many series in the dict, or for as many as it bears.
   * @param seriesBytes what one takes at most
   */
  makeRoom(maxSeries: number, seriesBytes: number): void;
  addFamily(write: (this: void, sink: ExpositionSink) => void): void;
  observe(observer: FlushObserver): void;
  inFlight(kind: "route" | "upstream", name: string): number;
}

function createShared(worker: WorkerHost): Shared {
  const { clock, random, json } = worker;
  const store = worker.store("autoscale_metrics");
  const families: ((this: void, sink: ExpositionSink) => void)[] = [];
  let wanted = 0;
  let largestBytes = 0;
  let limit = 0;

  const slots = createSlots({ store, clock, random, json }, () => limit);
  const pool = createSeriesPool({ store, clock, random }, slots, () => limit);
  const gauges = createGauges(worker, store, slots);
  const tallies = createTallies(store, slots);
  const upkeep = createUpkeep(worker, gauges.inFlight);
  const reader = slotReader(store);
  pool.observe(upkeep.totals);
  families.push(upkeep.write);

  worker.timer.every(1, () => {
    gauges.tell();
    pool.flush();
    tallies.flush();
    sweep(store, slots, clock);
  });
  worker.atExit(() => {
    gauges.tellLeaving();
    pool.flush();
    tallies.flush();
  });

  return {
    underWay: {},
    pool,
    gauges,
    tallies,
    upkeep,
    exposition: {
      write: (sink) => {
        const view = { store, slots, reader, limit, highestWorker: worker.highestSlot() };
        writeFamilies(sink, view);
        for (const write of families) {
          write(sink);
        }
      },
    },
    makeRoom: (maxSeries, seriesBytes) => {
      wanted = maxSeries > wanted ? maxSeries : wanted;
      largestBytes = seriesBytes > largestBytes ? seriesBytes : largestBytes;
      const capacity = store.capacityBytes();
      const most = capacity === undefined ? wanted : seriesThatFit(capacity, largestBytes, gauges.count());
      limit = wanted < most ? wanted : most;
    },
    addFamily: (write) => {
      families.push(write);
    },
    observe: pool.observe,
    inFlight: gauges.inFlight,
  };
}

/** The shared object of this worker. */
export function sharedOf(host: Host): Shared {
  return host.shared("metrics", createShared);
}
