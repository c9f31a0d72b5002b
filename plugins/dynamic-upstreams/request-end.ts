import type { Context } from "../_kit/context.ts";
import type { Upstream } from "./upstream.ts";

/** What the upstream learns of a request that has ended. */
export function requestEnd({ requests, tries }: Upstream, shadow: boolean): (this: void, context: Context) => void {
  if (shadow) {
    // The host's own balancer chose, and what its tries came to is counted.
    return (context) => {
      if (context.proxied()) {
        tries.observe(context);
      }
    };
  }
  return (context) => {
    if (context.proxied()) {
      requests.finish(context);
    } else {
      // Another plugin answered after a peer was picked.
      requests.abandon(context);
    }
  };
}
