/** What the runtime shows of this node by itself: as metrics, and in the sections `node` and `plugins` of `/status`. */
import type { EmitMetric } from "../../plugins/_kit/handlers.ts";
import type { Store } from "../../plugins/_kit/ports.ts";
import { faultKey } from "./faults.ts";
import { evictionKey, openedStores } from "./open-store.ts";
import { pluginSecondsKey } from "./plugin-time.ts";
import { readVitals } from "./worker-vitals.ts";

const CONNECTION_STATES = ["active", "reading", "writing", "waiting"];
/** When the first worker began; the memory outlives reloads. */
const STARTED = "node:started";

/** Called once in a worker. */
export function markStart(store: Store): void {
  store.add(STARTED, ngx.now());
}

function counter(store: Store, key: string): number {
  return tonumber(store.get(key)) ?? 0;
}

/** Client connections of all workers by state; empty where nginx was built without its status module. */
function connections(): Record<string, number> {
  const found: Record<string, number> = {};
  for (const state of CONNECTION_STATES) {
    const count = tonumber(ngx.var[`connections_${state}`]);
    if (count !== undefined) {
      found[state] = count;
    }
  }
  return found;
}

function emitWorkers(emit: EmitMetric): void {
  emit("gateway_workers", "gauge", "Worker processes that take requests.", {}, ngx.worker.count());
  for (const [slot, vitals] of readVitals()) {
    const labels = { worker: string.format("%d", slot) };
    const of = (name: string, type: "counter" | "gauge", help: string, value: number): void => {
      emit(`gateway_worker_${name}`, type, help, labels, value);
    };
    of("cpu_seconds_total", "counter", "Processor time used by a worker process.", vitals.cpuSeconds);
    of("memory_bytes", "gauge", "Resident memory of a worker; what workers share is in each.", vitals.memoryBytes);
    of("lua_memory_bytes", "gauge", "Memory that Lua uses in a worker.", vitals.luaBytes);
    of("loop_lag_seconds", "gauge", "How late a worker's event loop ran a timer of one second.", vitals.lagSeconds);
    of("pressure_ratio", "gauge", "How loaded a worker is, from 0 to 1.", vitals.pressure);
  }
}

function emitDicts(store: Store, emit: EmitMetric): void {
  for (const [dict, opened] of openedStores()) {
    const of = (name: string, type: "counter" | "gauge", help: string, value: number | undefined): void => {
      if (value !== undefined) {
        emit(`gateway_shared_dict_${name}`, type, help, { dict }, value);
      }
    };
    of("capacity_bytes", "gauge", "Size of a shared dict.", opened.capacityBytes());
    of("free_bytes", "gauge", "Bytes of a shared dict's free pages; used pages may have room too.", opened.freeBytes());
    const evictions = counter(store, evictionKey(dict));
    of("evictions_total", "counter", "Writes to a shared dict that pushed out live entries.", evictions);
  }
}

/** All of them; `version` is the product's. */
export function emitNode(version: string, plugins: readonly string[], store: Store, emit: EmitMetric): void {
  emit("gateway_info", "gauge", "The gateway's version.", { version }, 1);
  for (const [state, count] of pairs(connections())) {
    emit("gateway_connections", "gauge", "Client connections of the node by state.", { state }, count);
  }
  emitWorkers(emit);
  emitDicts(store, emit);
  for (const plugin of plugins) {
    const errors = counter(store, faultKey(plugin));
    const seconds = counter(store, pluginSecondsKey(plugin));
    const help = "Errors thrown by a plugin; the request went on without it.";
    emit("gateway_plugin_errors_total", "counter", help, { plugin }, errors);
    const timeHelp = "Time spent in a plugin's handlers, from a sample of their calls.";
    emit("gateway_plugin_seconds_total", "counter", timeHelp, { plugin }, seconds);
  }
}

/** The section `node` of `/status`. */
export function nodeStatus(store: Store): object {
  let workers = 0;
  let cpu = 0;
  let memory = 0;
  let lag = 0;
  let pressure = 0;
  for (const [, vitals] of readVitals()) {
    workers += 1;
    cpu += vitals.cpuShare;
    memory += vitals.memoryBytes;
    lag = math.max(lag, vitals.lagSeconds);
    pressure = math.max(pressure, vitals.pressure);
  }
  const started = tonumber(store.get(STARTED));
  return {
    connections: connections(),
    // Of the processors that its workers could use, one each.
    cpu_ratio: workers === 0 ? undefined : cpu / workers,
    memory_bytes: workers === 0 ? undefined : memory,
    loop_lag_seconds: workers === 0 ? undefined : lag,
    pressure: workers === 0 ? undefined : pressure,
    uptime_seconds: started === undefined ? undefined : ngx.now() - started,
  };
}

/** The section `plugins` of `/status`. */
export function pluginStatus(plugins: readonly string[], store: Store): object {
  const shown: Record<string, object> = {};
  for (const plugin of plugins) {
    shown[plugin] = {
      errors: counter(store, faultKey(plugin)),
      seconds: counter(store, pluginSecondsKey(plugin)),
    };
  }
  return shown;
}
