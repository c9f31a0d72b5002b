/**
 * select_upstream on APISIX, which has no such phase: its own picker has picked when before_proxy runs. So our pick is
 * put in its place for the first try, and our picker in the place of APISIX's for the retries of this request.
 */
import type { Binding } from "./bindings.ts";
import { excludeSick, hostHeader, poolOf, select } from "./node-pool.ts";
import type { WorkerPool } from "./peer-pool.ts";

/** The request whose exclusions the pool holds. */
const owners = setmetatable(new LuaMap<WorkerPool, ApisixContext>(), { __mode: "kv" });

/** The picker that APISIX took lets go of what it counts for this request. */
function takeOver(context: ApisixContext, picker: ApisixServerPicker): void {
  const before = context.server_picker;
  if (before !== undefined && before !== picker && before.after_balance !== undefined) {
    before.after_balance(context, false);
  }
  context.server_picker = picker;
}

function use(context: ApisixContext, server: ApisixServer): void {
  context.picked_server = server;
  context.balancer_ip = server.host;
  context.balancer_port = server.port;
  context.balancer_server = `${server.host}:${tostring(server.port)}`;
  if (context.pass_host === "node") {
    context.var["upstream_host"] = server.upstream_host;
  }
}

function chosenServer(context: ApisixContext): ApisixServer | undefined {
  const chosen = context.autoscale_peer;
  if (chosen === undefined) {
    return undefined;
  }
  const [colon] = string.match(chosen.host, ":");
  const host = colon === undefined ? chosen.host : `[${chosen.host}]`;
  return { host, port: chosen.port, upstream_host: hostHeader(host, chosen.port, context.upstream_scheme) };
}

/** The before_proxy phase of a plugin that picks peers. */
export function beforeProxy(binding: Binding, context: ApisixContext): void {
  // A retry: our picker has asked the plugins, and APISIX takes no other peer any more.
  if (context.picked_server === undefined) {
    return;
  }
  // Nothing to say about peers, as with the breaker of a whole route: APISIX's own balancer stays in charge.
  if (binding.handlers.select_upstream === undefined && context.autoscale_peer === undefined) {
    return;
  }
  const found = poolOf(context);
  if (found === undefined) {
    return;
  }
  const { pool, picker, servers } = found;
  let selectors = context.autoscale_selectors;
  if (selectors === undefined) {
    selectors = [];
    context.autoscale_selectors = selectors;
    takeOver(context, picker);
  }
  selectors.push(binding);
  if (selectors.length === 1 || owners.get(pool) !== context) {
    pool.begin();
    excludeSick(pool, context);
    owners.set(pool, context);
  }
  select(binding, pool);
  const chosen = chosenServer(context);
  const entry = chosen === undefined ? pool.pick() : undefined;
  const server = entry === undefined ? chosen : servers.get(entry);
  if (server !== undefined) {
    use(context, server);
  }
}
