/** @noSelfInFile */

/**
 * Reads error.log from inside; needs `lua_capture_error_log 32m;`. `import * as errlog from "ngx.errlog"`
 * @noResolution
 */
declare module "ngx.errlog" {
  const version: string;
  /** Captures this level and above. @phases init */
  function set_filter_level(level: NgxLogLevel): NgxResult<true>;
  /**
   * Takes captured lines out of the buffer: level, time and text of each in turn, in one flat array.
   * @param max lines; all when absent
   * @param into a table to fill; it is not cleared but ends with a nil
   * @phases any
   */
  function get_logs(max?: number, into?: (string | number)[]): NgxResult<(string | number)[]>;
  /** The level of `error_log`: skip work for lines that nobody would see. @phases any */
  function get_sys_filter_level(): NgxLogLevel;
  /** `ngx.log` without the prefix of file and line. @phases any */
  function raw_log(level: NgxLogLevel, message: string): void;
  export { version, set_filter_level, get_logs, get_sys_filter_level, raw_log };
}
