import type { Context } from "../../plugins/_kit/context.ts";
import { requestBody } from "./request-body.ts";
import { requestHandle } from "./request-handle.ts";
import { lastIsMissing, lastSeconds, parseTries, sumSeconds } from "./upstream-variables.ts";

/** Where a request's memory lies. */
export interface RequestMemory {
  readonly remember: (this: void, key: string, value: unknown) => void;
  readonly recall: (this: void, key: string) => unknown;
}

function argument(name: string): string | undefined {
  const [args] = ngx.req.get_uri_args();
  const value = args[name];
  if (type(value) === "table") {
    return (value as string[])[0];
  }
  return value === true ? "" : (value as string | undefined);
}

/** nginx's variables of headers, by the names that plugins ask for: they come from configurations, so they are few. */
const headerVariables = new LuaMap<string, string>();

function header(name: string): string | undefined {
  let variable = headerVariables.get(name);
  if (variable === undefined) {
    // Patterns are not compiled by LuaJIT: once for each name, not for each request.
    variable = `http_${string.gsub(string.lower(name), "-", "_")[0]}`;
    headerVariables.set(name, variable);
  }
  const value = ngx.var[variable];
  return value;
}

function first(value: string | string[] | undefined): string | undefined {
  return type(value) === "table" ? (value as string[])[0] : (value as string | undefined);
}

function nobody(): undefined {
  return undefined;
}

/** What the hosts do differently. */
export interface RequestFacts {
  /** Whether an upstream was asked. */
  readonly proxied: (this: void) => boolean;
  /** The upstream that some plugin, not only the one that asks, sent the request to. */
  readonly routedTo: (this: void) => string | undefined;
  /** Where the host knows consumers. */
  readonly consumer?: (this: void) => string | undefined;
  /** Where a request of a client may become several of nginx's; else nginx's own address of it. */
  readonly handle?: (this: void) => number;
}

/** The one Context of a worker: each function reads the request being handled when it is called. */
export function createContext(memory: RequestMemory, facts: RequestFacts): Context {
  const { proxied, routedTo, handle, consumer } = facts;
  return {
    method: ngx.req.get_method,
    path: () => ngx.var.uri,
    header,
    query: argument,
    cookie: (name) => ngx.var[`cookie_${name}`],
    clientAddress: () => ngx.var.remote_addr,
    consumer: consumer ?? nobody,
    requestId: () => ngx.var.request_id,
    handle: handle ?? requestHandle,
    requestBody,
    setRequestHeader: (name, value) => {
      if (value === undefined) {
        ngx.req.clear_header(name);
      } else {
        ngx.req.set_header(name, value);
      }
    },
    status: () => ngx.status,
    responseHeader: (name) => first(ngx.header[name]),
    setResponseHeader: (name, value) => {
      ngx.header[name] = value;
    },
    startSeconds: ngx.req.start_time,
    proxied,
    routedTo,
    requestBytes: () => tonumber(ngx.var.request_length) ?? 0,
    responseBytes: () => tonumber(ngx.var.bytes_sent) ?? 0,
    upstreamSeconds: () => sumSeconds(ngx.var.upstream_response_time),
    answerSeconds: () => lastSeconds(ngx.var.upstream_header_time),
    upstreamFailed: () => lastIsMissing(ngx.var.upstream_header_time),
    upstreamTries: () =>
      parseTries(
        ngx.var.upstream_addr,
        ngx.var.upstream_status,
        ngx.var.upstream_response_time,
        ngx.var.upstream_header_time,
      ),
    remember: memory.remember,
    recall: memory.recall,
  };
}
