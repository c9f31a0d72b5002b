/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  /**
   * nginx's variables. Each read looks the name up and allocates a string: read once, keep in a local.
   * Writing works only for variables that `set`, `map … volatile` or a module made changeable; others raise an error.
   * @phases set, rewrite, access, content, header_filter, body_filter, log, balancer, ssl_certificate
   */
  readonly var: NgxVariables;

  /**
   * A table of this request's own, kept from phase to phase and lost at an internal redirect
   * (`ngx.exec`, `error_page`, `rewrite`) unless handed on. Each `ngx.ctx` is a costly lookup: take it once a handler.
   * Never keep it at module level: it would outlive the request and mix it up with others.
   * @phases init_worker, set, rewrite, access, content, header_filter, body_filter, log, timer, balancer,
   * ssl_certificate, ssl_session_fetch, ssl_session_store, ssl_client_hello, exit_worker
   */
  ctx: NgxCtx;

  /**
   * In body_filter `[1]` is the chunk and `[2]` says whether it is the last; both can be assigned. In set, the arguments of
   * `set_by_lua`. The chunk may be "" (and last chunks often are).
   * @phases set, body_filter
   */
  readonly arg: NgxArg;
}

/** Declare your own keys by augmentation: `interface NgxCtx { started?: number }`. */
interface NgxCtx {
  [key: string]: unknown;
}

interface NgxArg {
  get 1(): string;
  /** Assigning undefined drops the chunk. */
  set 1(chunk: string | undefined);
  2: boolean;
  [index: number]: unknown;
}

/**
 * Variables known to be there are typed `string`; the rest, `arg_*`, `cookie_*`, `http_*`, `sent_http_*`, `upstream_*` and
 * your own included, are undefined when absent. An empty variable may also read as "".
 * Declare your own by augmentation: `interface NgxVariables { my_upstream: string }`.
 */
interface NgxVariables {
  /** Captures of the location's regular expression, from 1. */
  [capture: number]: string | undefined;
  [name: string]: string | undefined;

  /** The client's address, or what `real_ip_header` made of it. */
  readonly remote_addr: string;
  readonly remote_port: string;
  /** 4 or 16 raw bytes: short keys for dicts. */
  readonly binary_remote_addr: string;
  readonly request_method: string;
  /** As the client sent it: encoded, with the query. */
  readonly request_uri: string;
  /** Decoded and normalized, without the query; may change at internal redirects. */
  readonly uri: string;
  /** The query without the question mark. */
  args: string | undefined;
  /** "?" or "". */
  readonly is_args: string;
  /** From the request line, the Host header or `server_name`, in that order; lowercase, without port. */
  readonly host: string;
  readonly http_host: string | undefined;
  readonly http_user_agent: string | undefined;
  readonly http_x_forwarded_for: string | undefined;
  readonly server_name: string;
  readonly server_addr: string;
  readonly server_port: string;
  readonly server_protocol: string;
  /** "http" or "https". */
  readonly scheme: string;
  /** "on" or "". */
  readonly https: string;
  /** 32 hex digits. */
  readonly request_id: string;
  /** Seconds since the first bytes of the request, with milliseconds. */
  readonly request_time: string;
  readonly request_length: string;
  /** Seconds since the epoch, with milliseconds. */
  readonly msec: string;
  readonly time_iso8601: string;
  readonly pid: string;
  readonly connection: string;
  readonly connection_requests: string;
  /** Status of the answer; "000" before there is one. */
  readonly status: string;
  readonly bytes_sent: string;
  readonly body_bytes_sent: string;
  readonly content_length: string | undefined;
  readonly content_type: string | undefined;

  /** `host:port` of each try, joined by ", ", and by " : " after an internal redirect. */
  readonly upstream_addr: string | undefined;
  /** Status of each try, in the order of `upstream_addr`; "-" when there was none. */
  readonly upstream_status: string | undefined;
  /** Seconds each try took; "-" when it never connected. */
  readonly upstream_response_time: string | undefined;
  readonly upstream_connect_time: string | undefined;
  readonly upstream_header_time: string | undefined;
  readonly upstream_response_length: string | undefined;

  readonly ssl_protocol: string | undefined;
  readonly ssl_cipher: string | undefined;
  readonly ssl_server_name: string | undefined;
  readonly ssl_client_verify: string | undefined;

  /** Bytes a second to the client; 0 is no limit. */
  limit_rate: string | undefined;
}
