import { adminPages, type AdminPages } from "../../../nginx/runtime/admin-pages.ts";
import type { Instance } from "../../../nginx/runtime/instance.ts";
import { http_routes } from "apisix.router";
import { startWorker } from "./apisix-worker.ts";
import type { Bindings } from "./bindings.ts";
import type { PluginFile } from "./plugin-file.ts";
import { configOn } from "./route-config.ts";

/** Paths of the control API. */
export interface ControlRoute {
  readonly methods: readonly string[];
  readonly uris: readonly string[];
  /** Answers by itself, or returns what to answer. */
  readonly handler: (this: void) => LuaMultiReturn<[number?, string?]>;
}

/** An instance that no request has asked for yet is made now: what it shows lies in shared memory. */
function instancesOfRoutes(file: PluginFile, bindings: Bindings): readonly Instance[] {
  const [routes] = http_routes();
  if (routes !== undefined) {
    for (const item of routes) {
      const found = item === false ? undefined : configOn(item.value, file.name);
      // Configurations that come from elsewhere are merged at the first request.
      if (found !== undefined && found.isOwn) {
        bindings.ensure(found);
      }
    }
  }
  return bindings.instances();
}

function show(pages: AdminPages, page: string): void {
  if (page === "/status") {
    pages.status();
  } else if (page === "/metrics") {
    pages.metrics();
  } else if (page === "/decisions") {
    pages.decisions();
  } else {
    pages.resource(page, ngx.req.get_method());
  }
}

/**
 * `GET /v1/plugin/<name>/metrics`, `/status` and `/decisions`, `GET` and `PUT /v1/plugin/<name>/<collection>/<id>` on APISIX's control
 * port: names of our own, so nothing meets APISIX's prometheus plugin.
 */
export function controlRoutes(file: PluginFile, bindings: Bindings): readonly ControlRoute[] {
  const base = `/v1/plugin/${file.name}`;
  const names = [file.name];
  let pages: AdminPages | undefined;
  return [
    {
      methods: ["GET", "PUT"],
      uris: [`${base}/*`],
      handler: () => {
        const worker = startWorker();
        if (worker === undefined) {
          return $multi(503, "the plugin does nothing in this worker; error.log says why\n");
        }
        pages ??= adminPages({
          version: file.release,
          instances: () => instancesOfRoutes(file, bindings),
          store: worker.store,
          plugins: () => names,
        });
        show(pages, string.sub(ngx.var.uri, base.length + 1));
        return $multi();
      },
    },
  ];
}
