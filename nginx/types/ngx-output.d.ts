/** @noSelfInFile */

/** A chunk of an answer: text, or nested arrays of it, which need not be joined first. */
type NgxChunk = NgxPrintable | readonly NgxChunk[];

/** Answering the client. */
/** @noSelf */
interface Ngx {
  /**
   * Status of the answer. Reads 0 before there is one. Writing after the headers were sent only logs an error.
   * @phases set, rewrite, access, content, header_filter, body_filter, log
   */
  status: number;

  /**
   * Headers of the answer. Names are case-insensitive and `_` stands for `-`. Assign undefined to remove, an array to
   * repeat. Writing after the headers were sent only logs an error.
   * @phases rewrite, access, content, header_filter, body_filter, log
   */
  readonly header: NgxHeaders;

  /** Whether the headers were sent already. @phases set, rewrite, access, content, header_filter, body_filter, log */
  readonly headers_sent: boolean;

  /** This is a subrequest. @phases set, rewrite, access, content, header_filter, body_filter, log */
  readonly is_subrequest: boolean;

  /**
   * Sends the headers now; `print` and `say` do so by themselves.
   * @phases rewrite, access, content
   */
  send_headers(): NgxResult<1>;

  /**
   * Sends text, the headers first; booleans print as "true" and "false", undefined as "nil". Does not wait for the client.
   * @returns undefined and "nginx output filter error" and the like
   * @phases rewrite, access, content
   */
  print(...parts: NgxChunk[]): NgxResult<1>;

  /** `print` and a newline. @phases rewrite, access, content */
  say(...parts: NgxChunk[]): NgxResult<1>;

  /**
   * Hands what was printed to the client. With `wait` it yields until all is in the kernel's buffer.
   * @phases rewrite, access, content
   */
  flush(wait?: boolean): NgxResult<1>;

  /** Ends the answer's body, while the handler goes on. @phases rewrite, access, content */
  eof(): NgxResult<1>;

  /**
   * From 200 up: ends the request with that status. `ngx.OK`: ends this phase's handler only. `ngx.ERROR`: ends the request as failed.
   * Never comes back in rewrite, access, content and timer; does in header_filter, balancer and ssl_session_store. Write
   * `return ngx.exit(…)`. Do not call it inside `pcall`: the exit would be caught there.
   * To send a body of one's own set `ngx.status`, print, then `ngx.exit(ngx.HTTP_OK)`.
   * @phases rewrite, access, content, header_filter, timer, balancer, ssl_certificate, ssl_session_fetch,
   * ssl_session_store, ssl_client_hello
   */
  exit(status: number): void;

  /**
   * Goes on with another location (`/path` or `@name`) as an internal redirect; never comes back. `ngx.ctx` is lost.
   * Nothing may have been sent.
   * @phases rewrite, access, content
   */
  exec(uri: string, args?: string | NgxArgs): never;

  /**
   * Answers with a redirect and never comes back. Raises an error on control characters in `uri`.
   * @param status 302 when absent
   * @phases rewrite, access, content
   */
  redirect(uri: string, status?: 301 | 302 | 303 | 307 | 308): never;
}

/** @noSelf */
interface NgxHeaders {
  [name: string]: string | string[] | undefined;
  get content_length(): string | undefined;
  set content_length(value: string | number | undefined);
  content_type: string | undefined;
  location: string | undefined;
}
