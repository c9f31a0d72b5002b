/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly timer: NgxTimer;
}

/**
 * Work outside of requests. A callback runs as a light thread without a request: `ngx.var`, `ngx.req`, `ngx.header` raise
 * errors there, cosockets and sleep work. `premature` is true when the worker is shutting down: return at once.
 * Timers belong to one worker and die with it. An error in a callback is logged and ends that run only.
 * @noSelf
 */
interface NgxTimer {
  /**
   * Calls `callback(premature, ...args)` once after `delay` seconds (0: as soon as may be).
   * @returns undefined and a sentence when `lua_max_pending_timers` (1024) are waiting, or the worker is exiting.
   * With more than `lua_max_running_timers` (256) running, due ones are dropped with an alert in the log
   * @phases init_worker, set, rewrite, access, content, header_filter, body_filter, log, timer, balancer,
   * ssl_certificate, ssl_session_fetch, ssl_session_store, ssl_client_hello
   */
  at<Args extends unknown[]>(
    delay: number,
    callback: (this: void, premature: boolean, ...args: Args) => void,
    ...args: Args
  ): NgxResult<number>;

  /**
   * Calls `callback(premature, ...args)` every `delay` seconds (above 0). Runs do not wait for one another: a slow one
   * overlaps the next.
   * @phases as `at`
   */
  every<Args extends unknown[]>(
    delay: number,
    callback: (this: void, premature: boolean, ...args: Args) => void,
    ...args: Args
  ): NgxResult<number>;

  /** Callbacks running now in this worker. @phases init_worker and later */
  running_count(): number;
  /** Timers waiting in this worker. @phases init_worker and later */
  pending_count(): number;
}
