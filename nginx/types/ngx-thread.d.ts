/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly thread: NgxThreads;
}

/** A light thread: a coroutine that nginx resumes by itself. */
interface NgxThread {
  readonly __ngxThread: unique symbol;
}

/**
 * Light threads. The handler ends only when all its threads did, or by `ngx.exit`.
 * @noSelf
 */
interface NgxThreads {
  /**
   * Runs `task(...args)` at once, until it yields for the first time; then nginx goes on with it by and by.
   * @phases rewrite, access, content, timer, ssl_certificate, ssl_session_fetch, ssl_client_hello
   */
  spawn<Args extends unknown[]>(task: (this: void, ...args: Args) => unknown, ...args: Args): NgxThread;
  /**
   * Waits for the first of the threads to end. Only their parent may. Yields.
   * @returns true and the function's results, or false and the error
   * @phases as `spawn`
   */
  wait(first: NgxThread, ...others: NgxThread[]): LuaMultiReturn<[true, ...unknown[]] | [false, unknown]>;
  /**
   * Ends a thread. Only its parent may.
   * @returns undefined and "already waited or killed", "already terminated", or "pending subrequests"
   * @phases as `spawn`
   */
  kill(thread: NgxThread): NgxResult<1>;
}
