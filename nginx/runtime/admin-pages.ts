/**
 * What every host's admin endpoint shows: `status`, `metrics`, and each resource of the plugins as `<collection>/<id>`.
 */
import { decode } from "cjson.safe";
import type { AdminResource } from "../../plugins/_kit/handlers.ts";
import type { Store } from "../../plugins/_kit/ports.ts";
import { refuse, send, sendJson } from "./admin-answers.ts";
import { faultKey } from "./faults.ts";
import type { Instance } from "./instance.ts";
import { metricsText } from "./metrics-text.ts";

/** No change that people send is longer. */
const MAX_BODY_BYTES = 65536;

type Collections = LuaMap<string, LuaMap<string, AdminResource>>;

/**
 * Each answers the request being handled, in a phase that may print.
 * @noSelf
 */
export interface AdminPages {
  status(): void;
  metrics(): void;
  /** @param path `/<collection>/<id>` */
  resource(path: string, method: string): void;
}

/**
 * Resources by collection and id; one that several routes share is listed once. Asked anew each time: instances may gain
 * resources.
 */
function collect(instances: readonly Instance[]): Collections {
  const collections: Collections = new LuaMap();
  for (const { handlers } of instances) {
    for (const resource of handlers.admin ?? []) {
      let collection = collections.get(resource.collection);
      if (collection === undefined) {
        collection = new LuaMap();
        collections.set(resource.collection, collection);
      }
      if (!collection.has(resource.id)) {
        collection.set(resource.id, resource);
      }
    }
  }
  return collections;
}

function statusOf(version: string, collections: Collections): object {
  const shown: Record<string, unknown> = {
    version,
    time: ngx.now(),
    worker: ngx.worker.id(),
    workers: ngx.worker.count(),
  };
  for (const [name, resources] of collections) {
    const entries: Record<string, unknown> = {};
    for (const [id, resource] of resources) {
      const [ok, state] = pcall(resource.get);
      entries[id] = ok ? state : { error: tostring(state) };
    }
    shown[name] = entries;
  }
  return shown;
}

function readBody(): LuaMultiReturn<[Record<string, unknown> | undefined, string | undefined]> {
  ngx.req.read_body();
  const text = ngx.req.get_body_data();
  if (text === undefined) {
    return $multi(undefined, `send a JSON object of at most ${tostring(MAX_BODY_BYTES)} bytes`);
  }
  const [value] = decode(text);
  if (type(value) !== "table") {
    return $multi(undefined, "the body is not a JSON object");
  }
  return $multi(value as Record<string, unknown>, undefined);
}

function change(resource: AdminResource): void {
  if (resource.put === undefined) {
    refuse(405, "E_ADMIN_METHOD", "this can be looked at, not changed");
    return;
  }
  const [body, problem] = readBody();
  if (body === undefined) {
    refuse(400, "E_ADMIN_BODY", problem ?? "");
    return;
  }
  const [ok, refusal] = pcall(resource.put, body);
  if (!ok) {
    refuse(500, "E_ADMIN_FAILED", tostring(refusal));
  } else if (refusal !== undefined) {
    refuse(422, "E_ADMIN_VALUE", refusal);
  } else {
    sendJson(200, resource.get());
  }
}

/**
 * @param instances those at work in this worker, asked for each time
 * @param plugins names of all plugins whose errors are counted
 */
export function adminPages(
  version: string,
  instances: (this: void) => readonly Instance[],
  store: Store,
  plugins: (this: void) => readonly string[],
): AdminPages {
  function metrics(): void {
    const { emit, render } = metricsText();
    emit("gateway_info", "gauge", "The gateway's version.", { version }, 1);
    for (const state of ["active", "reading", "writing", "waiting"]) {
      const value = tonumber(ngx.var[`connections_${state}`]);
      if (value !== undefined) {
        emit("gateway_connections", "gauge", "Client connections of the node by state.", { state }, value);
      }
    }
    for (const plugin of plugins()) {
      const help = "Errors thrown by a plugin; the request went on without it.";
      emit("gateway_plugin_errors_total", "counter", help, { plugin }, tonumber(store.get(faultKey(plugin))) ?? 0);
    }
    for (const { handlers, plugin } of instances()) {
      if (handlers.metrics !== undefined) {
        const [ok, problem] = pcall(handlers.metrics, emit);
        if (!ok) {
          ngx.log(ngx.ERR, "[autoscale] metrics of plugin ", plugin, " failed: ", tostring(problem));
        }
      }
    }
    send(200, "text/plain; version=0.0.4; charset=utf-8", render());
  }

  function resource(path: string, method: string): void {
    const [collection, id] = string.match(path, "^/([%w_-]+)/(.+)$");
    const found =
      collection === undefined
        ? undefined
        : collect(instances())
            .get(collection)
            ?.get(id ?? "");
    if (found === undefined) {
      refuse(404, "E_ADMIN_PATH", "there are /status, /metrics and what /status lists as /<collection>/<id>");
    } else if (method === "GET" || method === "HEAD") {
      sendJson(200, found.get());
    } else if (method === "PUT") {
      change(found);
    } else {
      refuse(405, "E_ADMIN_METHOD", "use GET or PUT");
    }
  }

  return {
    status: () => {
      sendJson(200, statusOf(version, collect(instances())));
    },
    metrics,
    resource,
  };
}
