import type { WorkerHost } from "../../plugins/_kit/handlers.ts";
import type { Store } from "../../plugins/_kit/ports.ts";
import { clock } from "./clock.ts";
import { datagramsTo } from "./datagrams.ts";
import { decisionEvents } from "./decision-events.ts";
import { dnsClient } from "./dns-client.ts";
import { newGate } from "./gate.ts";
import { httpClient } from "./http-client.ts";
import { json } from "./json-port.ts";
import { startKeeper } from "./keeper.ts";
import { markStart } from "./node-figures.ts";
import { nodeLoad } from "./node-load.ts";
import { seededRandom } from "./random.ts";
import { redisOf } from "./redis-client.ts";
import { startWorkerCounters } from "./worker-counters.ts";
import { workerFiles } from "./worker-files.ts";
import { workerLog } from "./worker-log.ts";
import { startWorkerPressure } from "./worker-pressure.ts";
import { atExit } from "./worker-exit.ts";
import { takeSlot } from "./worker-slot.ts";
import { workerTasks } from "./worker-tasks.ts";
import { timerScope } from "./worker-timer.ts";
import { openVitals } from "./worker-vitals.ts";

/** The ports of this worker: made once. `store` opens a shared dict. */
export function startWorkerHost(store: (this: void, dict: string) => Store): WorkerHost {
  const own = store("autoscale");
  startWorkerCounters(own);
  markStart(own);
  const slots = takeSlot(own);
  openVitals(own, slots);
  return {
    clock,
    random: seededRandom(),
    log: workerLog,
    timer: timerScope().timer,
    events: decisionEvents,
    pressure: startWorkerPressure(),
    json,
    slot: slots.slot,
    highestSlot: slots.highestSlot,
    holderOf: slots.holderOf,
    atExit,
    store,
    datagrams: datagramsTo,
    tasks: workerTasks,
    gate: newGate,
    http: httpClient,
    dns: dnsClient,
    files: workerFiles,
    redis: redisOf,
    load: nodeLoad(),
    isKeeper: startKeeper(own),
  };
}

/** What `Host.shared` gives to the instances of one plugin. */
export function sharedObjects(worker: WorkerHost): (this: void, name: string, make: unknown) => unknown {
  const present = new LuaMap<string, unknown>();
  return (name, make) => {
    let found = present.get(name);
    if (found === undefined) {
      found = (make as (this: void, worker: WorkerHost) => unknown)(worker);
      present.set(name, found);
    }
    return found;
  };
}
