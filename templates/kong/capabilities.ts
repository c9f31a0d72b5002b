import { isDeepStrictEqual } from "node:util";
import type { Upstream } from "../../cli/build/model.ts";
import type { Capability, Plan, PlannedPlugin, PlannedRoute } from "../../cli/build/target.ts";
import { isBalanced } from "../_shared/balanced.ts";
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

const upstreamOf = (plan: Plan, name: string): Upstream | undefined =>
  plan.gateway.upstreams.find((upstream) => upstream.name === name);

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
    support: "full",
    note: "asked by dynamic-upstreams in its access and before retries; the build puts it on the Services that need it",
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
    note: "kong.service.set_upstream, which keeps the protocol and the times of the route's own upstream; Kong picks the peer among that one's targets",
    askedAt: pluginsWhere((plugin, { route }, plan) => {
      const own = upstreamOf(plan, route.upstream);
      const others = plugin.upstreams.map((name) => upstreamOf(plan, name));
      return others.some((other) => other?.protocol !== own?.protocol || other?.isDynamic === true);
    }),
  },
  {
    feature: "route to a peer",
    support: "partial",
    note: "kong.service.set_target; retries go to the upstream's own peers where dynamic-upstreams picks them, and else to the same one",
  },
  { feature: "admin resources", support: "full", note: "/autoscale/… of Kong's status API, changes by its Admin API" },
  { feature: "metrics", support: "full", note: "/autoscale/metrics of Kong's status API" },
  {
    feature: "timeouts of a route",
    support: "partial",
    note: "a Service of its own; the send timeout cannot be changed by plugins",
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
    support: "partial",
    note: "where dynamic-upstreams picks, as with balance: {}; Kong by itself uses only those that come first",
    askedAt: (plan) => {
      const levels = ({ targets }: Upstream): number => new Set(targets.map(({ priority }) => priority)).size;
      return upstreamsWhere((upstream) => !isBalanced(plan, upstream) && levels(upstream) > 1)(plan);
    },
  },
  {
    feature: "discovery of peers",
    support: "full",
    note: "the plugin dynamic-upstreams on the upstream's Services; Kong's own Upstream holds the targets alone",
  },
  { feature: "consumers", support: "full", note: "those of Kong's authentication plugins, by username" },
  { feature: "peers from a file", support: "full", note: "read again when it changes" },
  { feature: "policies of balance", support: "full", note: "picked at the end of access, and before each retry" },
  { feature: "active health checks", support: "full", note: "one worker of the node probes, beside Kong's own checks" },
  { feature: "outlier detection", support: "full", note: "each try is counted, by all workers together" },
  {
    feature: "retries",
    support: "partial",
    note: "after a failed connection or a timeout only, and POST and the like never",
    askedAt: upstreamsWhere(({ retries }) => {
      return retries.attempts > 0 && !isDeepStrictEqual([...retries.on].sort(), RETRIED_ANYWAY);
    }),
  },
  { feature: "time of a try", support: "full", note: "of requests that may be tried again, set in access" },
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
    feature: "peers taken out by hand",
    support: "none",
    note: "Kong's Admin API takes targets out of its own Upstream, and has no say in what dynamic-upstreams picks",
  },
  {
    feature: "status page, alerts that act",
    support: "none",
    note: "Kong Manager shows Kong",
    askedAt: ({ gateway: { admin } }) => (admin === undefined || admin.events.length === 0 ? [] : ["admin.events"]),
  },
];
