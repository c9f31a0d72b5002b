import type { Context } from "./context.ts";

/**
 * What a handler wants done with the request. Handlers never answer or exit by themselves: they return a
 * decision and the host performs it. `undefined` means: go on. Decisions are made once, in `create`, and
 * returned many times, so that a request allocates nothing.
 */
export type Decision = Reject | RouteTo | RouteToPeer;

/** Answer now, without asking an upstream. */
export interface Reject {
  readonly kind: "reject";
  /** 200 to 599. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Send the request to another upstream of the gateway than the route's own. */
export interface RouteTo {
  readonly kind: "route";
  readonly upstream: string;
}

/**
 * Send the request to this peer, whatever the upstream's own peers are; a retry may go to another. The upstream must be
 * one whose peers are picked in Lua: `phases` in the manifest holds `select_upstream`. Plugins that come after still run;
 * the first one that chooses wins.
 */
export interface RouteToPeer {
  readonly kind: "peer";
  /** An IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /**
   * The peer of each retry, asked just before it, on Kong where no plugin of ours picks the upstream's peers; undefined: the
   * same one again. Elsewhere retries go to the upstream's own peers. Must not yield.
   * @param status what the try before it was answered; 0: nothing
   */
  readonly next?: (this: void, context: Context, status: number) => PeerAddress | undefined;
}

export interface PeerAddress {
  /** An IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}
