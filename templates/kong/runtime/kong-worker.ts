import { type Instance, type InstanceSettings, instanceStarter } from "../../../nginx/runtime/instance.ts";
import { openStore } from "../../../nginx/runtime/open-store.ts";
import { setStateFolder } from "../../../nginx/runtime/worker-files.ts";
import { workerLog } from "../../../nginx/runtime/worker-log.ts";
import type { Store } from "../../../plugins/_kit/ports.ts";

/** What all plugins of ours share in one worker. */
export interface KongWorker {
  readonly start: (this: void, settings: InstanceSettings) => Instance | undefined;
  /** Where faults are counted. */
  readonly store: Store;
}

let worker: KongWorker | undefined;
let failed = false;

/** kong.conf has one setting for all shared dicts: a second one is written behind the first. */
function dictRemedy(dict: string): string {
  return `set nginx_http_lua_shared_dict = ${dict} 16m in kong.conf (a second one: "a 1m; lua_shared_dict b 2m")`;
}

function begin(): KongWorker {
  setStateFolder(`${ngx.config.prefix()}autoscale-state`);
  return {
    start: instanceStarter(dictRemedy),
    store: openStore("autoscale", dictRemedy("autoscale")),
  };
}

/** Undefined when this worker cannot work: requests then go on without our plugins, and the error log says why, once. */
export function kongWorker(): KongWorker | undefined {
  if (worker === undefined && !failed) {
    const [ok, made] = pcall(begin);
    if (ok) {
      worker = made;
    } else {
      failed = true;
      workerLog.error(`no plugin of autoscale runs in this worker: ${tostring(made)}`);
    }
  }
  return worker;
}
