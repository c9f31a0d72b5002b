/** @noSelfInFile */

/** Synchronizes light threads of one worker, also of different requests. */
interface NgxSemaphore {
  /**
   * Takes one, waiting at most so long (0: not at all). Yields. Raises an error in phases that cannot yield.
   * @returns undefined and "timeout"
   * @phases rewrite, access, content, timer
   */
  wait(seconds: number): NgxResult<true>;
  /** Gives `count` (1 when absent) back; waiters go on once the caller yields or ends. @phases any */
  post(count?: number): true;
  /** How many there are to take; below 0: how many wait. @phases any */
  count(): number;
}

/**
 * `import * as semaphore from "ngx.semaphore"`
 * @noResolution
 */
declare module "ngx.semaphore" {
  /** Raises an error below 0. @phases any */
  function create(count?: number): NgxResult<NgxSemaphore>;
  const version: string;
  export { create as new, version };
}
