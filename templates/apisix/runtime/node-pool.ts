/** The nodes of an upstream as this worker picks among them, with what plugins exclude. */
import { recordFault } from "../../../nginx/runtime/faults.ts";
import type { PeerPool } from "../../../plugins/_kit/context.ts";
import type { Binding } from "./binding.ts";
import { createPeerPool, type PeerEntry, type WorkerPool } from "./peer-pool.ts";
import { hostHeader } from "./picked-server.ts";

export interface NodePool {
  readonly pool: WorkerPool;
  readonly picker: ApisixServerPicker;
  readonly servers: LuaMap<PeerEntry, ApisixServer>;
}

/** By the list of nodes, which is a new one when they change. */
const pools = setmetatable(new LuaMap<object, NodePool>(), { __mode: "k" });

function bare(host: string): string {
  return string.byte(host, 1) === 91 ? string.sub(host, 2, -2) : host;
}

/** Takes out what APISIX's health checks found sick. The nodes are the request's own: a pool that held its list would keep itself alive. */
export function excludeSick(pool: WorkerPool, context: ApisixContext): void {
  const checker = context.up_checker;
  const upstream = context.upstream_conf;
  if (checker === undefined || upstream === undefined) {
    return;
  }
  const active = upstream.checks === undefined ? undefined : upstream.checks.active;
  const nodes = upstream.nodes as readonly ApisixNode[];
  const sick = new LuaMap<string, boolean>();
  for (const node of nodes) {
    const port = active === undefined || active.port === undefined ? node.port : active.port;
    const [healthy] = checker.get_target_status(node.host, port, active === undefined ? undefined : active.host);
    if (healthy === false) {
      sick.set(`${node.host}:${tostring(node.port)}`, true);
    }
  }
  for (const index of $range(0, pool.count() - 1)) {
    if (sick.has(pool.key(index))) {
      pool.exclude(index);
    }
  }
}

function excludeTried(pool: WorkerPool, tried: Readonly<Record<string, boolean>> | undefined): void {
  if (tried !== undefined) {
    for (const index of $range(0, pool.count() - 1)) {
      if (tried[pool.key(index)] === true) {
        pool.exclude(index);
      }
    }
  }
}

export function select(binding: Binding, pool: PeerPool): void {
  const run = binding.handlers.select_upstream;
  if (run !== undefined) {
    const [ok, thrown] = pcall(run, binding.context, pool);
    if (!ok) {
      recordFault(binding.worker.store, binding.plugin, "select_upstream", thrown);
    }
  }
}

function createNodePool(nodes: readonly ApisixNode[], scheme: string | undefined): NodePool {
  const servers = new LuaMap<PeerEntry, ApisixServer>();
  const domains: Record<string, string> = {};
  const entries: PeerEntry[] = [];
  for (const { host, port, weight, priority, domain } of nodes) {
    // APISIX's highest priority is used first, the pool's lowest.
    const entry = { host: bare(host), port, weight, priority: 0 - (priority ?? 0) };
    const upstreamHost = hostHeader(domain ?? host, port, scheme);
    const server = { host, port, upstream_host: upstreamHost };
    if (domain !== undefined) {
      domains[`${host}:${tostring(port)}`] = domain;
    }
    servers.set(entry, domain === undefined ? server : { host, port, domain, upstream_host: upstreamHost });
    // One without weight takes no requests.
    if (weight > 0) {
      entries.push(entry);
    }
  }
  const pool = createPeerPool(entries);
  const picker: ApisixServerPicker = {
    get: (context) => {
      pool.begin();
      excludeSick(pool, context);
      for (const binding of (context.autoscale_selectors ?? []) as Binding[]) {
        select(binding, pool);
      }
      excludeTried(pool, context.autoscale_tried);
      const entry = pool.pick();
      if (entry === undefined) {
        return $multi(undefined, "no peer");
      }
      const server = servers.get(entry);
      return $multi(server === undefined ? undefined : `${server.host}:${tostring(server.port)}`);
    },
    after_balance: (context, beforeRetry) => {
      const server = context.balancer_server;
      if (beforeRetry && server !== undefined) {
        context.autoscale_tried ??= {};
        context.autoscale_tried[server] = true;
      }
    },
    addr_to_domain: domains,
  };
  return { pool, picker, servers };
}

/** The pool of the upstream that the request is sent to; undefined when it has no nodes. */
export function poolOf(context: ApisixContext): NodePool | undefined {
  const upstream = context.upstream_conf;
  const nodes = upstream === undefined ? undefined : (upstream.nodes as readonly ApisixNode[] | undefined);
  if (nodes === undefined || nodes[0] === undefined) {
    return undefined;
  }
  let found = pools.get(nodes);
  if (found === undefined) {
    found = createNodePool(nodes, context.upstream_scheme);
    pools.set(nodes, found);
  }
  return found;
}
