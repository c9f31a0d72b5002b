/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly req: NgxRequest;
}

/**
 * Headers by lowercase name, through a metatable that also finds `headers.X_Request_Id`; an array when repeated.
 * With `raw` the names are as they were sent.
 */
interface NgxRequestHeaders {
  [name: string]: string | string[] | undefined;
}

/**
 * The request. All need one: they raise "no request found" in init and init_worker, and "API disabled" in a timer.
 * @noSelf
 */
interface NgxRequest {
  /** Born of a redirect, a subrequest or an error page. @phases set, rewrite, access, content, header_filter, body_filter, log */
  is_internal(): boolean;
  /** When its first byte came, in seconds since the epoch. @phases set, rewrite, access, content, header_filter, body_filter, log */
  start_time(): number;
  /** 0.9, 1.0, 1.1, 2.0 or 3.0; undefined when unknown. @phases set, rewrite, access, content, header_filter, log */
  http_version(): number | undefined;
  /** Header as it came, the request line first unless told otherwise. Raises an error in HTTP/2. @phases set, rewrite, access, content, header_filter, log */
  raw_header(noRequestLine?: boolean): string;

  /** In capitals. @phases set, rewrite, access, content, header_filter, body_filter, balancer, log */
  get_method(): string;
  /** Takes `ngx.HTTP_GET` and the like, not names. @phases set, rewrite, access, content, header_filter */
  set_method(method: NgxMethodId): void;

  /**
   * Replaces the path; without the query. With `jump` locations are searched again and it never comes back (rewrite only).
   * @param binary accept any byte but the zero
   * @phases set, rewrite, access, content, header_filter, body_filter
   */
  set_uri(uri: string, jump?: boolean, binary?: boolean): void;
  /** Replaces the query. A string is taken as it is. @phases set, rewrite, access, content, header_filter, body_filter */
  set_uri_args(args: string | NgxArgs): void;
  /**
   * The query, decoded.
   * @param maxArgs 100 when absent, 0: no limit (do not, on foreign input)
   * @param into a table to fill instead of a new one (0.10.13); clear it first
   * @returns second: "truncated" when there were more
   * @phases set, rewrite, access, content, header_filter, body_filter, log, balancer
   */
  get_uri_args(maxArgs?: number, into?: NgxDecodedArgs): LuaMultiReturn<[NgxDecodedArgs, string | undefined]>;
  /**
   * The body as a form, decoded. Needs `read_body` before.
   * @returns undefined and a sentence when the body is in a file; second: "truncated" when there were more
   * @phases rewrite, access, content, header_filter, body_filter, log
   */
  get_post_args(maxArgs?: number): LuaMultiReturn<[NgxDecodedArgs | undefined, string | undefined]>;

  /**
   * All headers: allocates much; for one header read `ngx.var.http_…`.
   * @param maxHeaders 100 when absent, 0: no limit
   * @returns second: "truncated" when there were more
   * @phases set, rewrite, access, content, header_filter, body_filter, log
   */
  get_headers(maxHeaders?: number, raw?: boolean): LuaMultiReturn<[NgxRequestHeaders, string | undefined]>;
  /** Replaces a header; an array repeats it. @phases set, rewrite, access, content, header_filter, body_filter */
  set_header(name: string, value: string | number | readonly string[]): void;
  /** Removes all headers of that name. @phases set, rewrite, access, content, header_filter, body_filter */
  clear_header(name: string): void;

  /** Reads the whole body, into memory or a file. Yields. Needed before the other body functions. @phases rewrite, access, content */
  read_body(): void;
  /** Reads the body and throws it away. @phases rewrite, access, content */
  discard_body(): void;
  /**
   * The body read; undefined when it is empty, not read, or in a file (larger than `client_body_buffer_size`).
   * @param maxBytes cuts it (0.10.29; earlier versions ignore it)
   * @phases rewrite, access, content, log
   */
  get_body_data(maxBytes?: number): string | undefined;
  /** Name of the file the body was put in; undefined when it is in memory, empty or not read. @phases rewrite, access, content */
  get_body_file(): string | undefined;
  /** Replaces the body; read or discard the old one before. @phases rewrite, access, content, balancer */
  set_body_data(body: string): void;
  /** Replaces the body by a file's, removed at the end with `autoClean`. @phases rewrite, access, content, balancer */
  set_body_file(fileName: string, autoClean?: boolean): void;
  /** Begins a new body, to be filled by `append_body` and ended by `finish_body`. @phases set, rewrite, access, content */
  init_body(bufferSize?: number): void;
  /** @phases set, rewrite, access, content */
  append_body(chunk: string): void;
  /** @phases set, rewrite, access, content */
  finish_body(): void;

  /**
   * The client's connection. Plain: reads the body piecemeal (not chunked, not HTTP/2, not with `read_body`). `raw`: both
   * ways, after the headers; then nginx sends nothing by itself.
   * @phases rewrite, access, content
   */
  socket(): NgxResult<NgxRequestBodySocket>;
  socket(raw: true): NgxResult<NgxRawRequestSocket>;
  socket(raw?: boolean): NgxResult<NgxRequestBodySocket>;
}
