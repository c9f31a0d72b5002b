import type { Capability } from "../../cli/build/target.ts";

/** What plugins can do in OpenResty: everything the kit has, for it was made after this host. */
export const capabilities: readonly Capability[] = [
  { feature: "rewrite and access", support: "full", note: "rewrite_by_lua and access_by_lua of the route's location" },
  { feature: "select_upstream", support: "full", note: "balancer_by_lua, before each try" },
  { feature: "header_filter and body_filter", support: "full", note: "the filters of the route's location" },
  { feature: "log", support: "full", note: "log_by_lua of the route's location" },
  { feature: "reject", support: "full", note: "answered in the phase that decides" },
  { feature: "route to another upstream", support: "full", note: "an internal location of the route" },
  { feature: "route to a peer", support: "full", note: "the balancer tries it first" },
  { feature: "admin resources", support: "full", note: "the admin server" },
  { feature: "metrics", support: "full", note: "GET /metrics of the admin server" },
];
