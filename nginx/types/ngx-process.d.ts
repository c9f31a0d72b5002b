/** @noSelfInFile */

/**
 * `import * as process from "ngx.process"`
 * @noResolution
 */
declare module "ngx.process" {
  const version: string;
  /** @phases any */
  function type(): "single" | "master" | "signaller" | "worker" | "helper" | "privileged agent";
  /**
   * Starts a process without listeners, as the master's user, that runs init_worker too. Look at `type()` there.
   * @param connections at most so many; 512 when absent (the argument is newer than 0.10.14)
   * @phases init
   */
  function enable_privileged_agent(connections?: number): NgxResult<true>;
  /** This worker finishes its requests and timers, then quits; the master starts another. @phases any */
  function signal_graceful_exit(): void;
  /** Undefined before nginx 1.13.8. @phases any */
  function get_master_pid(): number | undefined;
  export { version, type, enable_privileged_agent, signal_graceful_exit, get_master_pid };
}
