import type { Capability } from "../../cli/build/target.ts";
import { asksConsumer } from "../_shared/asks-consumer.ts";

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
  { feature: "last decisions", support: "full", note: "GET /decisions of the admin server, and error.log" },
  { feature: "status page, alerts that act", support: "full", note: "the admin server" },
  {
    feature: "peers taken out by hand",
    support: "full",
    note: "the admin server, of upstreams whose peers are picked in Lua",
  },
  {
    feature: "discovery of peers",
    support: "full",
    note: "Consul, Kubernetes, Eureka, DNS and HTTP; one worker of the node asks, without a reload",
  },
  { feature: "peers from a file", support: "full", note: "read again when it changes, without a reload" },
  { feature: "policies of balance", support: "full", note: "picked in balancer_by_lua, before each try" },
  { feature: "active health checks", support: "full", note: "one worker of the node probes" },
  { feature: "outlier detection", support: "full", note: "each try is counted, by all workers together" },
  {
    feature: "retries",
    support: "partial",
    note: "after errors, timeouts and statuses 500, 502, 503, 504; after others the build refuses",
  },
  { feature: "time of a try", support: "full", note: "of requests that may be tried again, set before each try" },
  { feature: "connections without keepalive", support: "full", note: "keepalive.connections 0" },
  {
    feature: "name in TLS to upstreams",
    support: "full",
    note: "the name of the upstream's first target that has one",
  },
  {
    feature: "order of hosts and paths",
    support: "full",
    note: "docs/openresty.md says it; it is the model for the others",
  },
  {
    feature: "consumers",
    support: "none",
    note: "nobody is known: a key takes the client's address instead, a tier or priority its default",
    askedAt: asksConsumer,
  },
  { feature: "order of plugins", support: "full", note: "by priority, then as written" },
  {
    feature: "listeners, TLS, admin server, workers, access log, resolver, raw lines",
    support: "full",
    note: "all of nginx.conf is generated",
  },
  { feature: "timeouts of a route", support: "full", note: "of each location" },
  { feature: "body limit of a route", support: "full", note: "of each location" },
  { feature: "strip_prefix of a gRPC route", support: "full", note: "by a rewrite" },
  {
    feature: "backup targets",
    support: "partial",
    note: "any number of levels where Lua picks the peers, two where nginx does",
  },
  { feature: "access log as JSON", support: "full", note: "logs/access.log" },
  { feature: "raw nginx lines", support: "full", note: "checked to stay within their block" },
];
