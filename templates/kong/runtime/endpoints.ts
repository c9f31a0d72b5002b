/**
 * /autoscale/… of Kong's status API (looking) and Admin API (looking and changing). Each plugin of ours may bring them,
 * since Kong looks for them in the plugins' folders; the first one does. The paths are our own: Kong's prometheus plugin
 * has /metrics there.
 */
import { sendJson } from "../../../nginx/runtime/admin-answers.ts";
import { type AdminPages, adminPages } from "../../../nginx/runtime/admin-pages.ts";
import { kongWorker } from "./kong-worker.ts";
import { everyInstance, pluginNames } from "./plugin-list.ts";

/** Routes of one of Kong's APIs: path to method to what answers. */
type Routes = Record<string, Record<string, (this: void) => void>>;

type App = "admin" | "status";

const PREFIX = "/autoscale";
const taken = new LuaMap<App, boolean>();

function withPages(version: string, show: (this: void, pages: AdminPages) => void): (this: void) => void {
  return () => {
    const worker = kongWorker();
    if (worker === undefined) {
      sendJson(503, { error: "E_NOT_RUNNING", message: "the error log says why no plugin of autoscale runs" });
      return;
    }
    show(adminPages({ version, instances: everyInstance, store: worker.store, plugins: pluginNames }));
  };
}

/** What `api.lua` and `status_api.lua` return: empty for all plugins but the first that asks. */
export function endpoints(app: App, version: string): Routes {
  if (taken.has(app)) {
    return {};
  }
  taken.set(app, true);
  const resource = (method: string): ((this: void) => void) =>
    withPages(version, (pages) => {
      pages.resource(string.sub(ngx.var.uri, PREFIX.length + 1), method);
    });
  const ofResource: Record<string, (this: void) => void> = { GET: resource("GET") };
  if (app === "admin") {
    ofResource["PUT"] = resource("PUT");
  }
  return {
    [`${PREFIX}/status`]: {
      GET: withPages(version, (pages) => {
        pages.status();
      }),
    },
    [`${PREFIX}/metrics`]: {
      GET: withPages(version, (pages) => {
        pages.metrics();
      }),
    },
    [`${PREFIX}/decisions`]: {
      GET: withPages(version, (pages) => {
        pages.decisions();
      }),
    },
    // A collection and an id, as lapis writes what varies.
    [`${PREFIX}/:collection/:id`]: ofResource,
  };
}
