/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly location: NgxLocation;
}

/**
 * Subrequests: requests to other locations of this server, without a connection. The whole answer is kept in memory. Read the body
 * (`ngx.req.read_body`) before.
 * @noSelf
 */
interface NgxLocation {
  /**
   * Yields. Not for named locations. The subrequest inherits all headers.
   * @phases rewrite, access, content
   */
  capture(uri: string, options?: NgxCaptureOptions): NgxCaptureResult;
  /**
   * Several at once; goes on when all ended, with the answers in the order given. Yields.
   * @phases rewrite, access, content
   */
  capture_multi(
    requests: readonly (readonly [uri: string, options?: NgxCaptureOptions])[],
  ): LuaMultiReturn<NgxCaptureResult[]>;
}

interface NgxCaptureOptions {
  /** `ngx.HTTP_GET` when absent. */
  readonly method?: NgxMethodId;
  readonly body?: string;
  readonly args?: string | NgxArgs;
  readonly headers?: Readonly<Record<string, string | number | readonly string[]>>;
  /** The subrequest's `ngx.ctx`. */
  readonly ctx?: object;
  /** Variables to set in the subrequest; they must be declared in nginx.conf. */
  readonly vars?: Readonly<Record<string, string | number>>;
  readonly copy_all_vars?: boolean;
  /** Both see each other's changes: hard to debug. */
  readonly share_all_vars?: boolean;
  /** Send this request's body along also with other methods than PUT and POST. */
  readonly always_forward_body?: boolean;
}

interface NgxCaptureResult {
  readonly status: number;
  readonly header: Readonly<Record<string, string | string[]>>;
  readonly body: string;
  /** The body is not complete: the other side broke off. */
  readonly truncated: boolean;
}
