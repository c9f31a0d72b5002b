/** @noSelfInFile */

/**
 * Time. All but `update_time` read nginx's cached clock: no system call, and constant until the worker gets back to its
 * event loop. It is the wall clock and may step back; for intervals see the module `resty.core.time`.
 */
/** @noSelf */
interface Ngx {
  /** Seconds since the epoch, with milliseconds. @phases any */
  now(): number;
  /** Seconds since the epoch, whole. @phases any */
  time(): number;
  /** Reads the clock anew: a system call and more. @phases any */
  update_time(): void;
  /** "yyyy-mm-dd", local. @phases any */
  today(): string;
  /** "yyyy-mm-dd hh:mm:ss", local. @phases any */
  localtime(): string;
  /** "yyyy-mm-dd hh:mm:ss", UTC. @phases any */
  utctime(): string;
  /** "Thu, 18-Nov-10 11:27:35 GMT" for a time in seconds. @phases any */
  cookie_time(seconds: number): string;
  /** "Thu, 18 Nov 2010 11:27:35 GMT" for a time in seconds. @phases any */
  http_time(seconds: number): string;
  /** The seconds of an HTTP date; undefined when it is none. @phases any */
  parse_http_time(text: string): number | undefined;
}
