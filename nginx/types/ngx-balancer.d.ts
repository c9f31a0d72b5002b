/** @noSelfInFile */

/**
 * Chooses the peer of the try that begins now. Nothing may yield in the balancer phase, so resolve names earlier.
 * Every function raises "no request found" outside of a request and gives an error in other phases.
 *
 * `import * as balancer from "ngx.balancer"`
 * @noResolution
 */
declare module "ngx.balancer" {
  export const version: string;

  /**
   * @param host an address or "unix:/path", not a name
   * @param port undefined for "unix:"
   * @param sslName the name for SNI and pooling (newer than lua-resty-core 0.1.25, which ignores it)
   * @phases balancer
   */
  export function set_current_peer(host: string, port?: number, sslName?: string): NgxResult<true>;

  /**
   * Allows `count` tries after this one; `proxy_next_upstream_tries` still caps them all. Call it in the first try only, or
   * there is no end.
   * @returns true, and as a warning "reduced tries due to limit"
   * @phases balancer
   */
  export function set_more_tries(count: number): LuaMultiReturn<[true, string | undefined] | [undefined, string]>;

  /**
   * How the try before this one ended: "next" (an answer with 403 or 404 that `proxy_next_upstream` refuses) or "failed" (any
   * other, or no answer), and its status: 502 or 504 also when there was no answer. Undefined in the first try.
   * @phases balancer
   */
  export function get_last_failure(): LuaMultiReturn<
    ["next" | "failed" | "unknown" | undefined, number | undefined, string | undefined]
  >;

  /**
   * In seconds, to the millisecond; raises an error unless above 0. Undefined leaves nginx.conf's value. Holds for this
   * request, later tries included.
   * @returns false and a sentence on an error
   * @phases balancer
   */
  export function set_timeouts(
    connectSeconds?: number,
    sendSeconds?: number,
    readSeconds?: number,
  ): LuaMultiReturn<[true, undefined] | [false, string]>;

  /**
   * Makes the request to the upstream anew, so that `proxy_set_header` sees variables changed since. The old one's memory is
   * freed with the request: only for retries.
   * @phases balancer
   */
  export function recreate_request(): NgxResult<true>;

  /**
   * Keeps this connection for reuse. Not together with the directive `keepalive`. Absent from lua-resty-core 0.1.25 (Debian 12).
   * @param idleSeconds 60 when absent, 0: for ever
   * @param maxRequests 100 when absent, 0: no limit
   * @phases balancer
   */
  export const enable_keepalive:
    ((this: void, idleSeconds?: number, maxRequests?: number) => NgxResult<true>) | undefined;

  /** The local address to connect from, "127.0.0.1" or "127.0.0.1:12345". Absent from lua-resty-core 0.1.25. @phases balancer */
  export const bind_to_local_addr: ((this: void, address: string) => NgxResult<true>) | undefined;

  /** Turns TLS to the upstream on or off. lua-resty-core 0.1.29. @phases balancer */
  export const set_upstream_tls: ((this: void, on: boolean) => NgxResult<true>) | undefined;
}
