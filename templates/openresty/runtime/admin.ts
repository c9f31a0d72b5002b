import { decode } from "cjson.safe";
import { metricsText } from "../../../nginx/runtime/metrics-text.ts";
import type { AdminResource } from "../../../plugins/_kit/handlers.ts";
import type { Store } from "../../../plugins/_kit/ports.ts";
import { refuse, send, sendJson } from "./admin-answers.ts";
import { authorized } from "./bearer.ts";
import type { Instance } from "../../../nginx/runtime/instance.ts";
import type { Settings } from "./settings.ts";

/** No change that people send is longer. */
const MAX_BODY_BYTES = 65536;

type Collections = LuaMap<string, LuaMap<string, AdminResource>>;

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

function status(settings: Settings, collections: Collections): object {
  const shown: Record<string, unknown> = {
    version: settings.version,
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

/** The body of the admin server's content_by_lua: `GET /status`, `GET /metrics`, `GET` and `PUT /<collection>/<id>`. */
export function createAdmin(
  settings: Settings,
  instances: readonly Instance[],
  store: Store,
  faultCounters: readonly { readonly plugin: string; readonly key: string }[],
): () => void {
  function metrics(): void {
    const { emit, render } = metricsText();
    emit("gateway_info", "gauge", "The gateway's version.", { version: settings.version }, 1);
    for (const state of ["active", "reading", "writing", "waiting"]) {
      const value = tonumber(ngx.var[`connections_${state}`]);
      if (value !== undefined) {
        emit("gateway_connections", "gauge", "Client connections of the node by state.", { state }, value);
      }
    }
    for (const { plugin, key } of faultCounters) {
      const help = "Errors thrown by a plugin; the request went on without it.";
      emit("gateway_plugin_errors_total", "counter", help, { plugin }, tonumber(store.get(key)) ?? 0);
    }
    for (const { handlers, plugin } of instances) {
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
        : collect(instances)
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

  return () => {
    const method = ngx.req.get_method();
    const path = ngx.var.uri;
    const reading = method === "GET" || method === "HEAD";
    const token = settings.admin?.token;
    if (!reading && token !== undefined && !authorized(ngx.var.http_authorization, token)) {
      ngx.header["WWW-Authenticate"] = 'Bearer realm="autoscale"';
      refuse(401, "E_ADMIN_TOKEN", "send the admin token as Authorization: Bearer");
    } else if (path === "/status" && reading) {
      sendJson(200, status(settings, collect(instances)));
    } else if (path === "/metrics" && reading) {
      metrics();
    } else if (path === "/status" || path === "/metrics") {
      refuse(405, "E_ADMIN_METHOD", "use GET");
    } else {
      resource(path, method);
    }
  };
}
