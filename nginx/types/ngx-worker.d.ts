/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly worker: NgxWorker;
}

/** @noSelf */
interface NgxWorker {
  /** True once a reload or a quit told this worker to finish. @phases any */
  exiting(): boolean;
  /** This process's id; in init the master's. @phases any */
  pid(): number;
  /**
   * Ids of all workers. ngx_lua 0.10.23.
   * @phases set, rewrite, access, content, header_filter, body_filter, log, timer, exit_worker
   */
  pids(): NgxResult<number[]>;
  /** `worker_processes`. @phases any */
  count(): number;
  /**
   * 0 to `count() - 1`; the same in the worker's successor after a reload. Undefined in other processes, such as the privileged agent.
   * @phases any but init
   */
  id(): number | undefined;
}
