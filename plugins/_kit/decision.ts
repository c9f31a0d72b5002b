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
}

export interface PeerAddress {
  /** An IP address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}
