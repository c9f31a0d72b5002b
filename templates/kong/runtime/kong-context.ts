import { createContext } from "../../../nginx/runtime/request-context.ts";
import type { Context } from "../../../plugins/_kit/context.ts";

/** Kong's record of the request that is being handled. */
export function request(): KongRequest {
  return ngx.ctx;
}

/**
 * Kong's own flags tell who answered. They are missing on requests that nginx refused before Kong saw them, and a proxied
 * request whose peer could not be picked never reached an upstream.
 */
function proxied(): boolean {
  const ctx = request();
  if (ctx.KONG_EXITED === true || ctx.KONG_UNEXPECTED === true || ctx.KONG_PROXIED !== true) {
    return false;
  }
  return ngx.status < 400 || ngx.var.upstream_status !== undefined;
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
    proxied,
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
