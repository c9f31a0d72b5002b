/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly resp: NgxResponse;
}

/** @noSelf */
interface NgxResponse {
  /**
   * All headers of the answer, an array when repeated; for one read `ngx.header.…`.
   * @param maxHeaders 100 when absent, 0: no limit
   * @param raw names as they are, not in lowercase
   * @returns second: "truncated" when there were more
   * @phases set, rewrite, access, content, header_filter, body_filter, log, balancer
   */
  get_headers(maxHeaders?: number, raw?: boolean): LuaMultiReturn<[NgxRequestHeaders, string | undefined]>;
}
