import { createContext } from "../../../nginx/runtime/request-context.ts";
import { recall, remember } from "./request-memory.ts";

/** Set by the host on a request that a plugin answered. */
const ANSWERED_HERE = "answered_here";

/** Set by the host on a request that a plugin sent elsewhere: the upstream's name. */
const ROUTED_TO = "routed_to";

/** Marks the current request as answered by the gateway itself. */
export function markAnsweredHere(): void {
  remember(ANSWERED_HERE, true);
}

function proxied(): boolean {
  if (recall(ANSWERED_HERE) !== undefined) {
    return false;
  }
  // nginx itself answers only with errors and redirects of its own; below 400 an upstream spoke.
  return ngx.status < 400 || ngx.var.upstream_status !== undefined;
}

/** Marks the current request as sent to another upstream than its route's. */
export function markRoutedTo(upstream: string): void {
  remember(ROUTED_TO, upstream);
}

function routedTo(): string | undefined {
  const upstream = recall(ROUTED_TO) as string | undefined;
  return upstream;
}

/** The Context of this worker. */
export const openrestyContext = createContext({ remember, recall }, { proxied, routedTo });
