/** @noSelfInFile */

// The Lua part of lua-resty-core. ngx_lua loads `resty.core` by itself (0.10.16 and up); import it only in the resty command line.

/**
 * `import "resty.core"`
 * @noResolution
 */
declare module "resty.core" {
  const version: string;
  export { version };
}

/**
 * `import * as time from "resty.core.time"`; the import itself changes nothing.
 * @noResolution
 */
declare module "resty.core.time" {
  const version: string;
  /** Seconds of a clock that never steps back, to the millisecond, cached like `ngx.now`. @phases any */
  function monotonic_time(): number;
  /** The same in milliseconds. @phases any */
  function monotonic_msec(): number;
  export { version, monotonic_time, monotonic_msec };
}

/**
 * Base64 for URLs, unpadded. `import * as base64 from "ngx.base64"`
 * @noResolution
 */
declare module "ngx.base64" {
  const version: string;
  /** @phases any */
  function encode_base64url(text: string): string;
  /** Undefined and "invalid input" when it is not base64url. @phases any */
  function decode_base64url(text: string): NgxResult<string>;
  export { version, encode_base64url, decode_base64url };
}

/**
 * `import * as ngxRe from "ngx.re"`
 * @noResolution
 */
declare module "ngx.re" {
  const version: string;
  /**
   * Splits; the first group of each separator found, if there is one, comes between the parts.
   * @param max at most so many parts; 0 or absent: all
   * @param into a table to fill; it is not cleared but ends with a nil
   * @phases any
   */
  function split(
    subject: string,
    regex: string,
    options?: NgxReOptions,
    ctx?: NgxReContext,
    max?: number,
    into?: string[],
  ): NgxResult<string[]>;
  /** `jit_stack_size` in bytes; only before the first regular expression. @phases init */
  function opt(option: "jit_stack_size", value: number): void;
  export { version, split, opt };
}

/**
 * `import * as ngxReq from "ngx.req"`
 * @noResolution
 */
declare module "ngx.req" {
  const version: string;
  /** Adds a header beside those of that name; nginx's own (User-Agent, …) are replaced. @phases as `ngx.req.set_header` */
  function add_header(name: string, value: string | readonly string[]): void;
  export { version, add_header };
}

/**
 * `import * as ngxResp from "ngx.resp"`
 * @noResolution
 */
declare module "ngx.resp" {
  const version: string;
  /** Adds a header beside those of that name; nginx's own (Content-Type, …) are replaced. @phases as `ngx.header` */
  function add_header(name: string, value: string | readonly string[]): void;
  /** Status with a reason phrase. Newer than lua-resty-core 0.1.25. @phases as `ngx.status` */
  const set_status: ((this: void, status: number, reason?: string) => void) | undefined;
  /** Skips nginx's own If-Modified-Since and the like. Newer than lua-resty-core 0.1.25. @phases as `ngx.status` */
  const bypass_if_checks: ((this: void) => void) | undefined;
  export { version, add_header, set_status, bypass_if_checks };
}

/**
 * `import * as base from "resty.core.base"`
 * @noResolution
 */
declare module "resty.core.base" {
  const version: string;
  /** The request in hand as a pointer for FFI calls; undefined outside of requests. @phases any */
  function get_request(): FfiCdata | undefined;
  export { version, get_request };
}
