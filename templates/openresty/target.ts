import type { Plan, RenderTemplate, Target } from "../../cli/build/target.ts";
import { BALANCER, isBalanced } from "../_shared/balanced.ts";
import { describeBundle } from "./bundle-facts.ts";
import { capabilities } from "./capabilities.ts";
import { httpView } from "./http-view.ts";
import { routeViews } from "./route-view.ts";
import { serverViews } from "./server-view.ts";
import { settingsOf } from "./settings-view.ts";
import { publishedPage } from "./status-page/published-page.ts";
import { assertTrustedCa } from "./trusted-ca.ts";
import { hostPort, upstreamBlocks } from "./upstream-view.ts";

function render(plan: Plan, template: RenderTemplate): ReadonlyMap<string, string> {
  assertTrustedCa(plan);
  const http = httpView(plan);
  const files = new Map<string, string>();
  files.set("conf/nginx.conf", template("nginx.conf", http));
  files.set("conf/fragments/http.conf", template("http.conf", http));
  files.set("conf/fragments/proxy.conf", template("proxy.conf", http));
  files.set("conf/fragments/upstreams.conf", template("upstreams.conf", { upstreams: upstreamBlocks(plan) }));
  files.set("conf/fragments/servers.conf", template("servers.conf", { ...http, servers: serverViews(plan) }));
  const { admin } = plan.gateway;
  if (admin !== undefined) {
    const listen = hostPort({ host: admin.address, port: admin.port });
    const { html, contentSecurityPolicy } = publishedPage();
    files.set("conf/fragments/admin.conf", template("admin.conf", { listen, contentSecurityPolicy }));
    files.set("html/status.html", html);
  }
  for (const view of routeViews(plan)) {
    files.set(`conf/fragments/routes/${view.id}.conf`, template("route.conf", view));
  }
  files.set("lua/autoscale/gateway.lua", template("gateway.lua", { settings: settingsOf(plan) }));
  return files;
}

const target: Target = {
  name: "openresty",
  description: "An nginx prefix for OpenResty, or for nginx with the Lua module.",
  capabilities,
  luaFolder: "lua/",
  runtimeFolders: ["logs", "temp"],
  luaModules: (plan) => {
    const used = plan.routes.flatMap(({ plugins }) => plugins.map((plugin) => plugin.module));
    const balances = plan.gateway.upstreams.some((upstream) => isBalanced(plan, upstream));
    return [
      "autoscale.openresty.gateway",
      ...new Set(used),
      ...(balances ? [`autoscale.plugins.${BALANCER}.plugin`] : []),
    ];
  },
  render,
  describe: describeBundle,
};

export default target;
