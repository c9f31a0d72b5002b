import { createContext } from "../../../nginx/runtime/request-context.ts";
import type { Context } from "../../../plugins/_kit/context.ts";
import type { RequestMemory } from "../../../nginx/runtime/request-context.ts";

/** The request whose log phase runs; log does not yield, so it is the only one. */
let logged: ApisixContext | undefined;

/** Around the log handlers: only there may a plugin ask who answered. */
export function setLogged(context: ApisixContext | undefined): void {
  logged = context;
}

/** APISIX marks a request when nginx is about to connect to a peer: whoever answered without that is no upstream. */
function proxied(): boolean {
  return logged !== undefined && logged.proxy_passed === true;
}

function routedTo(): string | undefined {
  return logged === undefined ? undefined : logged.autoscale_routed_to;
}

/** Set by APISIX's authentication plugins, which run before ours. */
function consumer(): string | undefined {
  const context = ngx.ctx.api_ctx as ApisixContext | undefined;
  return context === undefined ? undefined : context.consumer_name;
}

/** The Context of one plugin; late values come from ngx, for `ctx.var` keeps the first value it has read. */
export function apisixContext(memory: RequestMemory): Context {
  return createContext(memory, { proxied, routedTo, consumer });
}
