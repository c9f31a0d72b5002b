import { metricsText } from "../../../nginx/runtime/metrics-text.ts";
import { faultKey, recordFault } from "../../../nginx/runtime/faults.ts";
import type { Instance } from "../../../nginx/runtime/instance.ts";
import type { EmitMetric } from "../../../plugins/_kit/handlers.ts";
import { http_routes } from "apisix.router";
import { encode } from "cjson.safe";
import { startWorker } from "./apisix-worker.ts";
import type { Bindings } from "./bindings.ts";
import type { PluginFile } from "./plugin-file.ts";

/** One path of the control API. */
export interface ControlRoute {
  readonly methods: readonly string[];
  readonly uris: readonly string[];
  readonly handler: (this: void) => LuaMultiReturn<[number, string]>;
}

/** An instance that no request has asked for yet is made now: what it shows lies in shared memory. */
function instancesOfRoutes(file: PluginFile, bindings: Bindings): readonly Instance[] {
  const routes = http_routes();
  if (routes !== undefined) {
    for (const item of routes) {
      // Configurations that come from elsewhere are merged at the first request.
      if (item !== false && item.value.service_id === undefined && item.value.plugin_config_id === undefined) {
        const plugins = item.value.plugins;
        const config = plugins === undefined ? undefined : plugins[file.name];
        if (config !== undefined) {
          bindings.ensure(config, item.value);
        }
      }
    }
  }
  return bindings.instances();
}

function emitInstance(instance: Instance, emit: EmitMetric): void {
  const metrics = instance.handlers.metrics;
  if (metrics !== undefined) {
    const [ok, thrown] = pcall(metrics, emit);
    const worker = startWorker();
    if (!ok && worker !== undefined) {
      recordFault(worker.store, instance.plugin, "metrics", thrown);
    }
  }
}

function metricsOf(file: PluginFile, bindings: Bindings): string {
  const { emit, render } = metricsText();
  for (const instance of instancesOfRoutes(file, bindings)) {
    emitInstance(instance, emit);
  }
  const worker = startWorker();
  const faults = worker === undefined ? undefined : worker.store.get(faultKey(file.name));
  const help = "Times a plugin threw; the request went on without it.";
  emit("gateway_plugin_errors_total", "counter", help, { plugin: file.name }, typeof faults === "number" ? faults : 0);
  return render();
}

function statusOf(file: PluginFile, bindings: Bindings): object {
  const shown: Record<string, Record<string, unknown>> = {};
  for (const { handlers } of instancesOfRoutes(file, bindings)) {
    for (const resource of handlers.admin ?? []) {
      let collection = shown[resource.collection];
      if (collection === undefined) {
        collection = {};
        shown[resource.collection] = collection;
      }
      const [ok, state] = pcall(resource.get);
      collection[resource.id] = ok ? state : { error: tostring(state) };
    }
  }
  return shown;
}

/** `GET /v1/plugin/<name>/metrics` and `/status` on APISIX's control port. */
export function controlRoutes(file: PluginFile, bindings: Bindings): readonly ControlRoute[] {
  const methods = ["GET"];
  return [
    {
      methods,
      uris: [`/v1/plugin/${file.name}/metrics`],
      handler: () => {
        ngx.header["Content-Type"] = "text/plain; version=0.0.4; charset=utf-8";
        return $multi(200, metricsOf(file, bindings));
      },
    },
    {
      methods,
      uris: [`/v1/plugin/${file.name}/status`],
      handler: () => {
        const [text, problem] = encode(statusOf(file, bindings));
        ngx.header["Content-Type"] = "application/json";
        return $multi(text === undefined ? 500 : 200, `${text ?? `{"error":"${tostring(problem)}"}`}\n`);
      },
    },
  ];
}
