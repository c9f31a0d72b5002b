import { isDeepStrictEqual } from "node:util";
import type { Upstream } from "../../cli/build/model.ts";
import type { Capability, Plan, PlannedPlugin, PlannedRoute } from "../../cli/build/target.ts";
import { hasOwnService, isGrpc } from "./service-view.ts";

/** Statuses apart, this is what nginx does when nothing is said. */
const RETRIED_ANYWAY = ["connect", "timeout"];

const routesWhere = (asks: (planned: PlannedRoute, plan: Plan) => boolean) => (plan: Plan) =>
  plan.routes.filter((planned) => asks(planned, plan)).map(({ route }) => `routes.${route.name}`);

const pluginsWhere = (asks: (plugin: PlannedPlugin, planned: PlannedRoute, plan: Plan) => boolean) => (plan: Plan) =>
  plan.routes.flatMap((planned) => {
    const asking = planned.plugins.filter((plugin) => asks(plugin, planned, plan));
    return asking.map(({ name }) => `routes.${planned.route.name}.plugins.${name}`);
  });

const upstreamsWhere = (asks: (upstream: Upstream) => boolean) => (plan: Plan) =>
  plan.gateway.upstreams.filter(asks).map(({ name }) => `upstreams.${name}`);

const protocolOf = (plan: Plan, name: string): string | undefined =>
  plan.gateway.upstreams.find((upstream) => upstream.name === name)?.protocol;

/** What plugins and gateway.yaml can do in Kong. */
export const capabilities: readonly Capability[] = [
  {
    feature: "rewrite and access",
    support: "partial",
    note: "rewrite runs at the beginning of the plugin's access: Kong's own comes before a route is known",
    askedAt: pluginsWhere(({ phases }) => phases.includes("rewrite")),
  },
  {
    feature: "select_upstream",
    support: "none",
    note: "Kong has no balancer phase; a plugin chooses a peer in access instead",
    askedAt: pluginsWhere(({ phases }) => phases.includes("select_upstream")),
  },
  { feature: "header_filter and body_filter", support: "full", note: "the phases of the same name" },
  { feature: "log", support: "full", note: "the phase of the same name" },
  {
    feature: "reject",
    support: "full",
    note: "kong.response.exit in access; plugins below still run their filters and log",
  },
  {
    feature: "route to another upstream",
    support: "partial",
    note: "kong.service.set_upstream, which keeps the protocol and the times of the route's own upstream",
    askedAt: pluginsWhere((plugin, { route }, plan) => {
      return plugin.upstreams.some((name) => protocolOf(plan, name) !== protocolOf(plan, route.upstream));
    }),
  },
  {
    feature: "route to a peer",
    support: "partial",
    note: "kong.service.set_target; retries ask the peers that the decision names, or the same one again",
  },
  { feature: "admin resources", support: "full", note: "/autoscale/… of Kong's status API, changes by its Admin API" },
  { feature: "metrics", support: "full", note: "/autoscale/metrics of Kong's status API" },
  {
    feature: "timeouts of a route",
    support: "partial",
    note: "a Service of its own, so it shares no breaker of scope upstream with others; the send timeout cannot be changed by plugins",
    askedAt: routesWhere((planned, plan) => hasOwnService(plan, planned)),
  },
  {
    feature: "body limit of a route",
    support: "none",
    note: "the largest one is set for the whole of Kong",
    askedAt: (plan) => {
      const { maxBodyBytes } = plan.gateway;
      return routesWhere(({ route }) => route.maxBodyBytes !== maxBodyBytes)(plan);
    },
  },
  {
    feature: "strip_prefix of a gRPC route",
    support: "none",
    note: "Kong sends the path of a call as it came",
    askedAt: routesWhere((planned, plan) => planned.route.stripPrefix && isGrpc(plan, planned)),
  },
  {
    feature: "backup targets",
    support: "none",
    note: "Kong knows no priority of targets: only those that come first are used",
    askedAt: upstreamsWhere(({ targets }) => new Set(targets.map(({ priority }) => priority)).size > 1),
  },
  {
    feature: "peers from a file",
    support: "none",
    note: "Kong's own targets, DNS or its Admin API take its place",
    askedAt: upstreamsWhere(({ discovery }) => discovery !== undefined),
  },
  {
    feature: "retries",
    support: "partial",
    note: "Kong retries after a failed connection or a timeout only, and POST and the like never",
    askedAt: upstreamsWhere(({ retries }) => {
      return retries.attempts > 0 && !isDeepStrictEqual([...retries.on].sort(), RETRIED_ANYWAY);
    }),
  },
  {
    feature: "access log as JSON",
    support: "none",
    note: "Kong's http-log and file-log plugins write JSON",
    askedAt: ({ gateway }) => (gateway.accessLog.format === "json" ? ["access_log"] : []),
  },
  {
    feature: "raw nginx lines",
    support: "none",
    note: "put them into Kong's configuration with nginx_http_… and the like",
    askedAt: ({ gateway: { nginx } }) => {
      return Object.entries(nginx).flatMap(([block, lines]) =>
        (lines as string[]).length > 0 ? [`nginx.${block}`] : [],
      );
    },
  },
  {
    feature: "last decisions",
    support: "full",
    note: "GET /autoscale/decisions of the status and Admin API, and error.log",
  },
  {
    feature: "status page, peers taken out by hand, alerts that act",
    support: "none",
    note: "Kong Manager shows Kong; its Admin API takes targets out of an upstream",
    askedAt: ({ gateway: { admin } }) => (admin === undefined || admin.events.length === 0 ? [] : ["admin.events"]),
  },
];
