/** What all instances of the plugin share in a worker. */
import type { Host, WorkerHost } from "../_kit/handlers.ts";
import type { Store } from "../_kit/ports.ts";
import type { Config } from "./config.ts";
import { configure, newLimitCell, totalKeyOf, type LimitCell } from "./limit-cell.ts";
import { createMembership, type Membership } from "./membership.ts";
import { flushObserved } from "./observe.ts";
import { releaseOwner } from "./owner-claim.ts";
import type { UnderWay } from "./places.ts";
import { flushResults } from "./results.ts";
import { adoptLimit } from "./steering.ts";

/** The counter of an old generation is forgotten after so long: workers that have not heard of the new one still count in it. */
const RETIRED_SECONDS = 60;

/** @noSelf */
export interface ConcurrencyWorker {
  readonly underWay: UnderWay;
  /** The limit of that name, held until `release`. The latest configuration holds. */
  hold(id: string, config: Config): LimitCell;
  release(cell: LimitCell): void;
  /** A limit's counter has lost some that are under way. */
  readonly onLost: (this: void, cell: LimitCell) => void;
}

/** Counts anew under the key of another generation, which has nothing of this worker yet. */
function moveTo(cell: LimitCell, generation: number): void {
  const key = totalKeyOf(cell.prefix, generation);
  if (key !== cell.totalKey) {
    cell.store.expire(cell.totalKey, RETIRED_SECONDS);
    cell.totalKey = key;
    if (cell.count > 0) {
      cell.store.incr(key, cell.count, 0, 0);
    }
  }
}

function isIdle({ holders, count, waiting }: LimitCell): boolean {
  return holders === 0 && count === 0 && waiting === 0;
}

function createCells(worker: WorkerHost, store: Store, membership: Membership): ConcurrencyWorker {
  let cells: LimitCell[] = [];

  function followGeneration(): void {
    const generation = membership.generation();
    for (const cell of cells) {
      moveTo(cell, generation);
    }
  }

  /** Limits whose routes are gone are kept until their last request has ended. */
  function dropIdle(): void {
    const kept: LimitCell[] = [];
    for (const cell of cells) {
      if (!isIdle(cell)) {
        kept.push(cell);
      }
    }
    cells = kept;
  }

  function hasRequests(): boolean {
    for (const { count } of cells) {
      if (count > 0) {
        return true;
      }
    }
    return false;
  }

  worker.timer.every(1, () => {
    membership.keep();
    followGeneration();
    for (const cell of cells) {
      flushResults(cell);
    }
    dropIdle();
  });
  worker.atExit(() => {
    followGeneration();
    for (const cell of cells) {
      flushObserved(cell);
      flushResults(cell);
      releaseOwner(worker, store, `${cell.prefix}owner`);
    }
    membership.leave(!hasRequests());
  });

  return {
    underWay: {},
    hold: (id, config) => {
      for (const cell of cells) {
        if (cell.id === id) {
          cell.holders += 1;
          flushResults(cell);
          configure(cell, config);
          adoptLimit(cell);
          return cell;
        }
      }
      const cell = newLimitCell(worker, id, config, membership.generation());
      cell.holders = 1;
      cells.push(cell);
      adoptLimit(cell);
      return cell;
    },
    release: (cell) => {
      cell.holders -= 1;
    },
    onLost: (cell) => {
      membership.renew(cell.totalKey);
      followGeneration();
    },
  };
}

function createShared(worker: WorkerHost): ConcurrencyWorker {
  const store = worker.store("autoscale");
  const membership = createMembership(worker, store);
  membership.keep();
  return createCells(worker, store, membership);
}

/** The shared object of this worker. */
export function concurrencyOf(host: Host): ConcurrencyWorker {
  return host.shared("concurrency", createShared);
}
