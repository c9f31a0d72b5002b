import { type Instance, type InstanceSettings, instanceStarter } from "../../../nginx/runtime/instance.ts";
import { openStore } from "../../../nginx/runtime/open-store.ts";
import { setStateFolder } from "../../../nginx/runtime/worker-files.ts";
import { workerLog } from "../../../nginx/runtime/worker-log.ts";
import type { Store } from "../../../plugins/_kit/ports.ts";
import { dictRemedy } from "./check-config.ts";

/** What all plugins of a worker share. */
export interface ApisixWorker {
  readonly store: Store;
  readonly start: (this: void, settings: InstanceSettings) => Instance | undefined;
}

let worker: ApisixWorker | undefined;

function begin(): ApisixWorker {
  setStateFolder(`${ngx.config.prefix()}autoscale-state`);
  return {
    store: openStore("autoscale", dictRemedy("autoscale")),
    start: instanceStarter(dictRemedy),
  };
}

/**
 * Starts the ports of this worker once, however often APISIX loads plugins. The privileged agent, which serves no requests
 * and has no id, gets no instances and no timers. Never throws: APISIX would answer everything with 500.
 */
export function startWorker(): ApisixWorker | undefined {
  if (worker !== undefined || ngx.worker.id() === undefined) {
    return worker;
  }
  const [ok, made] = pcall(begin);
  if (!ok) {
    workerLog.error(`plugins do nothing in this worker: ${tostring(made)}`);
    return undefined;
  }
  worker = made;
  return worker;
}
