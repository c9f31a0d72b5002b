/**
 * The current request, as every gateway can show it. There is one Context for each worker and not one for each
 * request: its functions read the request that is being handled when they are called. Nothing is read
 * that no plugin asks for. Which phases may call what is noted; a call elsewhere is an error.
 * @noSelf
 */
export interface Context {
  // The request: every phase but select_upstream and log unless noted.
  method(): string;
  /** Decoded path without the query. */
  path(): string;
  /** A request header; the first one when repeated. Every phase. */
  header(name: string): string | undefined;
  /** A query argument; the first one when repeated, "" for a bare name. */
  query(name: string): string | undefined;
  cookie(name: string): string | undefined;
  /** The client's address behind trusted proxies. Every phase. */
  clientAddress(): string;
  /**
   * access and later. Who the host's own authentication says the client is: a consumer's name, on Kong without one its custom id
   * or id. Undefined when nobody is known, and always on OpenResty, which has no consumers.
   */
  consumer(): string | undefined;
  /** Unique to the request, also sent upstream as X-Request-ID. Every phase. */
  requestId(): string;
  /**
   * A number that no other request of this worker has while this one is handled: a key for what a plugin keeps of requests
   * under way. Cheaper than `remember`. It is used again after the request has ended. Every phase.
   */
  handle(): number;
  /**
   * access. The whole body, or undefined when there is none, when it has more than `maxBytes`, and for HTTP/2 requests that
   * do not say its length, as gRPC's. Waits for the client, and makes nginx keep the whole body: read it only where a
   * configuration asks for it.
   */
  requestBody(maxBytes: number): string | undefined;
  /** rewrite, access. `undefined` removes it. */
  setRequestHeader(name: string, value: string | undefined): void;

  // The answer: header_filter and later.
  status(): number;
  responseHeader(name: string): string | undefined;
  /** access, header_filter. `undefined` removes it. What is set in access stays beside what the upstream sends of that name. */
  setResponseHeader(name: string, value: string | undefined): void;

  // What happened.
  /** When the request began, in the clock's seconds. Every phase. */
  startSeconds(): number;
  /** log. True when an upstream was asked for this answer; false when the gateway or a plugin answered itself. */
  proxied(): boolean;
  /** log. The upstream that a plugin sent the request to instead of the route's own; undefined when none did. */
  routedTo(): string | undefined;
  /** log. Bytes of the request as it came in: line, headers and body. Dear: about 1,200 instructions. */
  requestBytes(): number;
  /** log. Bytes sent to the client, headers included. Dear as `requestBytes`. */
  responseBytes(): number;
  /** log. Seconds spent with the upstream over all tries; undefined when none was asked. */
  upstreamSeconds(): number | undefined;
  /** log. Seconds until the last try's answer began; undefined when it never did. Dear as `requestBytes`. */
  answerSeconds(): number | undefined;
  /** log. True when the last try ended without an answer: connection refused, reset or timed out. */
  upstreamFailed(): boolean;
  /** log. `host:port` of the peers tried, in order, with the status of each (0: no answer). Allocates. */
  upstreamTries(): readonly Try[];

  // Memory for this request, from one phase to a later one. Costs nothing until something is remembered.
  remember(key: string, value: unknown): void;
  recall(key: string): unknown;
}

/** One attempt at a peer. */
export interface Try {
  /** `host:port` */
  readonly peer: string;
  /** HTTP status, or 0 when the peer gave none. */
  readonly status: number;
  readonly seconds: number;
}

/**
 * The peers of the request's upstream, in select_upstream. The host picks among those not excluded; when all
 * are excluded it picks among all (an answer is better than none).
 * @noSelf
 */
export interface PeerPool {
  /** How many peers there are; they are numbered from 0. */
  count(): number;
  /** `host:port` of a peer. */
  key(index: number): string;
  /** The number of the peer `host:port`; -1 when there is none. */
  find(key: string): number;
  exclude(index: number): void;
  /** Excludes all others. */
  only(index: number): void;
}
