import { refuse } from "../../../nginx/runtime/admin-answers.ts";
import { adminPages } from "../../../nginx/runtime/admin-pages.ts";
import type { Instance } from "../../../nginx/runtime/instance.ts";
import type { Store } from "../../../plugins/_kit/ports.ts";
import { authorized } from "./bearer.ts";
import type { Settings } from "./settings.ts";

/** The body of the admin server's content_by_lua: `GET /status`, `GET /metrics`, `GET` and `PUT /<collection>/<id>`. */
export function createAdmin(
  settings: Settings,
  instances: readonly Instance[],
  store: Store,
  plugins: readonly string[],
): () => void {
  const pages = adminPages({
    version: settings.version,
    instances: () => instances,
    store,
    plugins: () => plugins,
  });
  return () => {
    const method = ngx.req.get_method();
    const path = ngx.var.uri;
    const reading = method === "GET" || method === "HEAD";
    const token = settings.admin?.token;
    if (!reading && token !== undefined && !authorized(ngx.var.http_authorization, token)) {
      ngx.header["WWW-Authenticate"] = 'Bearer realm="autoscale"';
      refuse(401, "E_ADMIN_TOKEN", "send the admin token as Authorization: Bearer");
    } else if (path === "/status" && reading) {
      pages.status();
    } else if (path === "/metrics" && reading) {
      pages.metrics();
    } else if (path === "/status" || path === "/metrics") {
      refuse(405, "E_ADMIN_METHOD", "use GET");
    } else {
      pages.resource(path, method);
    }
  };
}
