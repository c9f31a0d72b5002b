import { requestHandle } from "../../../nginx/runtime/request-handle.ts";
import { createContext } from "../../../nginx/runtime/request-context.ts";
import type { Context } from "../../../plugins/_kit/context.ts";

/** Kong's record of the request that is being handled. */
export function request(): KongRequest {
  return ngx.ctx;
}

/**
 * Kong's own flag is set at the end of access: it is missing where a plugin answered, and on requests that nginx refused
 * before Kong saw them. A request whose peer could not be picked has it and never reached an upstream. Not KONG_EXITED and
 * KONG_UNEXPECTED: they also mark what Kong answers for an upstream that cannot be reached.
 */
function proxied(): boolean {
  return request().KONG_PROXIED === true && (ngx.status < 400 || ngx.var.upstream_status !== undefined);
}

/** Marks the request being handled as sent to another upstream than its Service's. Kong empties its table after log. */
export function markRoutedTo(upstream: string): void {
  request().autoscale_routed_to = upstream;
}

function routedTo(): string | undefined {
  const { autoscale_routed_to } = request();
  return autoscale_routed_to;
}

/** Set by Kong's authentication plugins, which run before ours. */
function consumer(): string | undefined {
  const known = request().authenticated_consumer;
  return known === undefined ? undefined : (known.username ?? known.custom_id ?? known.id);
}

/** Where the answer is buffered for some plugin, Kong asks the upstream by a subrequest, which has the same ngx.ctx. */
function handle(): number {
  const ctx = request();
  const present = ctx.autoscale_handle;
  if (present !== undefined) {
    return present;
  }
  const made = requestHandle();
  ctx.autoscale_handle = made;
  return made;
}

/**
 * The Context of one plugin. What it remembers lies in a field of its own of ngx.ctx; Kong takes that table back after
 * log, so `forget` must be called at the end of the plugin's log.
 */
export function kongContext(plugin: string): { readonly context: Context; readonly forget: (this: void) => void } {
  const field = `autoscale:${plugin}`;
  const memory = (): Record<string, unknown> | undefined => request()[field] as Record<string, unknown> | undefined;
  const context = createContext(
    {
      remember: (key, value) => {
        const present = memory();
        if (present === undefined) {
          request()[field] = { [key]: value };
        } else {
          present[key] = value;
        }
      },
      recall: (key) => {
        const present = memory();
        return present === undefined ? undefined : present[key];
      },
    },
    { proxied, routedTo, handle, consumer },
  );
  return {
    context,
    forget: () => {
      if (memory() !== undefined) {
        request()[field] = undefined;
      }
    },
  };
}
