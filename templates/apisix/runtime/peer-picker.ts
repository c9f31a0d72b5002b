/**
 * select_upstream on APISIX, which has no such phase: its own picker has picked when before_proxy runs. So our pick is
 * put in its place for the first try, and our picker in the place of APISIX's for the retries of this request.
 */
import type { Binding } from "./binding.ts";
import { excludeSick, poolOf, select } from "./node-pool.ts";
import type { WorkerPool } from "./peer-pool.ts";
import { serverOf, takeOver, use } from "./picked-server.ts";

/** The request whose exclusions the pool holds. */
const owners = setmetatable(new LuaMap<WorkerPool, ApisixContext>(), { __mode: "kv" });

/** The binding whose plugin picks the peers by itself; undefined when there is none, or the request goes to another upstream. */
function pickingBinding(context: ApisixContext): Binding | undefined {
  const binding = context.autoscale_picking as Binding | undefined;
  if (binding === undefined || context.autoscale_upstream !== undefined) {
    return binding;
  }
  const { upstream_id: id, matched_route: route, matched_upstream: own, upstream_conf: upstream } = context;
  const leaves = id !== undefined && tostring(id) !== tostring(route?.value.upstream_id);
  return leaves || (own !== undefined && own !== upstream) ? undefined : binding;
}

function addSelector(binding: Binding, context: ApisixContext): void {
  context.autoscale_selectors ??= [];
  context.autoscale_selectors.push(binding);
}

/** The plugin that picks runs last; one that comes later all the same has it pick again. */
function pickByPlugin(binding: Binding, picking: Binding, context: ApisixContext): boolean {
  if (binding.handlers.select_upstream !== undefined) {
    addSelector(binding, context);
  }
  if (binding !== picking && context.autoscale_upstream === undefined) {
    return true;
  }
  return picking.picker === undefined || picking.picker.pick(context);
}

function pickNode(binding: Binding, context: ApisixContext): void {
  const found = poolOf(context);
  if (found === undefined) {
    return;
  }
  const { pool, picker, servers } = found;
  const isFirst = context.autoscale_selectors === undefined;
  if (isFirst) {
    takeOver(context, picker);
  }
  addSelector(binding, context);
  if (isFirst || owners.get(pool) !== context) {
    pool.begin();
    excludeSick(pool, context);
    owners.set(pool, context);
  }
  select(binding, pool);
  const chosen = context.autoscale_peer;
  const entry = chosen === undefined ? pool.pick() : undefined;
  const server = chosen !== undefined ? serverOf(chosen, context.upstream_scheme) : entry && servers.get(entry);
  if (server !== undefined) {
    use(context, server);
  }
}

/**
 * The before_proxy phase of a plugin that has a say in which peer is picked.
 * @returns false when no peer takes the request
 */
export function beforeProxy(binding: Binding, context: ApisixContext): boolean {
  // A retry: our picker has asked the plugins, and APISIX takes no other peer any more.
  if (context.picked_server === undefined) {
    return true;
  }
  const picking = pickingBinding(context);
  if (picking !== undefined) {
    return pickByPlugin(binding, picking, context);
  }
  // Nothing to say about peers, as with the breaker of a whole route: APISIX's own balancer stays in charge.
  if (binding.handlers.select_upstream !== undefined || context.autoscale_peer !== undefined) {
    pickNode(binding, context);
  }
  return true;
}
