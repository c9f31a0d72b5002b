/** @noSelfInFile */

/**
 * The two results of most calls: the value, or undefined and a sentence saying why not. Destructure it,
 * `const [value, err] = …`; testing `value` narrows `err`. Kept whole in one variable it allocates a table.
 */
type NgxResult<T> = LuaMultiReturn<[T, undefined] | [undefined, string]>;

/**
 * `ngx.null`, the stand-in for NULL that cjson, Redis and MySQL clients give. It is a light userdata: never equal to
 * null, undefined or any other value, and truthy. Test it with `value === ngx.null`.
 */
interface NgxNull {
  readonly __ngxNull: unique symbol;
}

/** Where a handler runs, as `ngx.get_phase` names it. */
type NgxPhase =
  | "init"
  | "init_worker"
  | "exit_worker"
  | "ssl_client_hello"
  | "ssl_cert"
  | "ssl_session_fetch"
  | "ssl_session_store"
  | "set"
  | "server_rewrite"
  | "rewrite"
  | "access"
  | "content"
  | "balancer"
  | "header_filter"
  | "body_filter"
  | "log"
  | "timer";

/** The global `ngx`. Its parts are declared by topic in the other files. */
declare const ngx: Ngx;

/** @noSelf */
interface Ngx {
  /** See {@link NgxNull}. */
  readonly null: NgxNull;

  /** What nginx and ngx_lua were built as. */
  readonly config: NgxConfig;

  /**
   * The phase the caller runs in.
   * @phases any
   */
  get_phase(): NgxPhase;

  /**
   * Writes to error.log: the arguments are joined without a separator, nil prints as "nil", tables raise an error.
   * nginx cuts a line at 2048 bytes (4096 with OpenResty's patch).
   * The prefix names the Lua file's basename and line.
   * @phases any
   */
  log(level: NgxLogLevel, ...parts: NgxPrintable[]): void;

  /**
   * Lets other work run for at least `seconds` (millisecond precision; 0 gives way once). Negative raises an error. Yields.
   * @phases rewrite, access, content, timer, ssl_certificate, ssl_session_fetch, ssl_client_hello
   */
  sleep(seconds: number): void;

  /**
   * Calls `callback` when the client closes its connection early; needs `lua_check_client_abort on`. Only one a request.
   * Without a call to `ngx.exit` in the callback the handler goes on.
   * @phases rewrite, access, content
   */
  on_abort(callback: (this: void) => void): NgxResult<1>;

  /**
   * Runs `module[functionName](...args)` in a thread of nginx's `thread_pool`, in a Lua state of its own without the
   * ngx API (save a few encoders); arguments and results are copied, so no functions. Yields. Linux, nginx built
   * with threads, ngx_lua 0.10.21.
   * @returns true and the function's results, or false and the error
   * @phases rewrite, access, content
   */
  run_worker_thread(
    threadPool: string,
    module: string,
    functionName: string,
    ...args: unknown[]
  ): LuaMultiReturn<[true, ...unknown[]] | [false, string]>;
}

/** What the printing functions take. */
type NgxPrintable = string | number | boolean | NgxNull | undefined;

/** @noSelf */
interface NgxConfig {
  /** Always "http" here; "stream" in the stream module. */
  readonly subsystem: "http" | "stream";
  /** nginx was built with `--with-debug`. */
  readonly debug: boolean;
  /** 1022001 is 1.22.1. */
  readonly nginx_version: number;
  /** 10023 is 0.10.23. */
  readonly ngx_lua_version: number;
  /** nginx's prefix folder, with the slash at its end. */
  prefix(): string;
  /** The arguments of nginx's `configure`. */
  nginx_configure(): string;
}
