import { isIP } from "node:net";
import type { Route } from "../../cli/build/model.ts";
import type { Capability, Plan } from "../../cli/build/target.ts";
import { ties } from "./host-config.ts";

type Asked = (plan: Plan) => readonly string[];

function upstreamsWith(field: string, asks: (upstream: Plan["gateway"]["upstreams"][number]) => boolean): Asked {
  return ({ gateway }) => gateway.upstreams.filter(asks).map(({ name }) => `upstreams.${name}${field}`);
}

const DEFAULT_CAUSES = ["connect", "timeout"];
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

const otherRetries = upstreamsWith(".retries", ({ retries: { attempts, on, methods } }) => {
  if (attempts === 0) return false;
  const causes = on.length === DEFAULT_CAUSES.length && DEFAULT_CAUSES.every((cause) => on.includes(cause));
  return !causes || !methods.every((method) => IDEMPOTENT.includes(method));
});

/** nginx would send a request of the host to the longer path of a route without hosts; APISIX asks the host's own first. */
function hidden(route: Route, plan: Plan): boolean {
  if (route.hosts.length > 0) return false;
  return plan.gateway.routes.some(({ hosts, path }) => {
    if (hosts.length === 0 || path.kind !== "prefix") return false;
    return route.path.kind === "regex" || (route.path.value !== path.value && route.path.value.startsWith(path.value));
  });
}

/** What plugins, and gateway.yaml, can do in APISIX. */
export const capabilities: readonly Capability[] = [
  { feature: "rewrite and access", support: "full", note: "the phases of the same name" },
  {
    feature: "select_upstream",
    support: "full",
    note: "before_proxy picks the first peer; a picker of ours in the request's place of APISIX's picks those of retries",
  },
  { feature: "header_filter and body_filter", support: "full", note: "the phases of the same name" },
  { feature: "log", support: "full", note: "the phase of the same name" },
  { feature: "reject", support: "full", note: "the phase returns status and body" },
  {
    feature: "route to another upstream",
    support: "full",
    note: "by the upstream's id, which is its name; traffic-split runs later and may choose otherwise; the route's timeouts hold",
  },
  {
    feature: "route to a peer",
    support: "full",
    note: "in before_proxy; the route's upstream needs at least one node",
  },
  {
    feature: "admin resources",
    support: "full",
    note: "GET and PUT below /v1/plugin/<name>/ of the control API, on loopback and without a token",
  },
  { feature: "metrics", support: "full", note: "GET /v1/plugin/<name>/metrics of the control API" },
  {
    feature: "retries",
    support: "partial",
    note: "after errors and timeouts, POST and the like never; fewer methods where dynamic-upstreams picks the peers",
    askedAt: otherRetries,
  },
  {
    feature: "time of a try",
    support: "none",
    note: "the times of the route hold for every try",
    askedAt: upstreamsWith(".retries.timeout_seconds", ({ dynamic }) => dynamic.retries.timeout_seconds !== undefined),
  },
  {
    feature: "discovery of peers",
    support: "full",
    note: "the plugin dynamic-upstreams on the upstream's routes; APISIX's own upstream holds the targets alone",
  },
  { feature: "peers from a file", support: "full", note: "read again when it changes" },
  { feature: "policies of balance", support: "full", note: "picked in before_proxy, and before each retry" },
  {
    feature: "active health checks",
    support: "full",
    note: "one worker of the node probes, beside APISIX's own checks",
  },
  { feature: "outlier detection", support: "full", note: "each try is counted, by all workers together" },
  {
    feature: "connections without keepalive",
    support: "none",
    note: "a pool holds at least one",
    askedAt: upstreamsWith(".keepalive.connections", ({ keepalive }) => keepalive.connections === 0),
  },
  {
    feature: "name in TLS to upstreams",
    support: "partial",
    note: "the request's Host and not the target's name; set pass_host to node for that",
    askedAt: upstreamsWith(
      "",
      ({ protocol, targets }) => protocol === "https" && targets.some(({ host }) => isIP(host) === 0),
    ),
  },
  {
    feature: "order of hosts and paths",
    support: "partial",
    note: "a host's own routes are asked before those without hosts, whatever their paths",
    askedAt: (plan) => plan.gateway.routes.filter((route) => hidden(route, plan)).map(({ name }) => `routes.${name}`),
  },
  { feature: "consumers", support: "full", note: "those of APISIX's authentication plugins, by name" },
  {
    feature: "order of plugins",
    support: "partial",
    note: "plugins of equal priority run in any order",
    askedAt: (plan) => {
      const tied = ties(plan);
      const used = new Set(plan.routes.flatMap(({ plugins }) => plugins.map(({ name }) => name)));
      return tied.filter((name) => used.has(name)).map((name) => `plugins.${name}`);
    },
  },
  {
    feature: "listeners, TLS, admin server, workers, access log, resolver, raw lines",
    support: "none",
    note: "APISIX's own config.yaml says them",
    askedAt: ({ gateway: { listen, nginx } }) => [
      ...listen.flatMap(({ tls }, index) => (tls === undefined ? [] : [`listen[${index}].tls`])),
      ...(["main", "http", "server", "location"] as const)
        .filter((at) => nginx[at].length > 0)
        .map((at) => `nginx.${at}`),
    ],
  },
  { feature: "timeouts of a route", support: "full", note: "timeout of the route" },
  { feature: "body limit of a route", support: "full", note: "the plugin client-control on the route" },
  { feature: "backup targets", support: "full", note: "priorities of the nodes" },
  {
    feature: "last decisions",
    support: "full",
    note: "GET /v1/plugin/<name>/decisions of the control API, and error.log",
  },
  {
    feature: "peers taken out by hand",
    support: "none",
    note: "APISIX gives a node of weight 0 no requests, and has no say in what dynamic-upstreams picks",
  },
  {
    feature: "status page, alerts that act",
    support: "none",
    note: "APISIX's dashboard and Admin API",
    askedAt: ({ gateway: { admin } }) => (admin === undefined || admin.events.length === 0 ? [] : ["admin.events"]),
  },
];
