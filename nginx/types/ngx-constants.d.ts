/** @noSelfInFile */

/** `ngx.STDERR` to `ngx.DEBUG`. */
type NgxLogLevel = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** `ngx.HTTP_GET` and the like: bits, not names. */
type NgxMethodId = 2 | 4 | 8 | 16 | 32 | 64 | 128 | 256 | 512 | 1024 | 2048 | 4096 | 8192 | 16384 | 32768;

/** Constants. All are there in every phase, init included. */
/** @noSelf */
interface Ngx {
  // Results of nginx's own functions; `ngx.exit(ngx.OK)` and `ngx.exit(ngx.ERROR)` take them too.
  readonly OK: 0;
  readonly ERROR: -1;
  readonly AGAIN: -2;
  readonly DONE: -4;
  readonly DECLINED: -5;

  // Log levels, most severe first.
  readonly STDERR: 0;
  readonly EMERG: 1;
  readonly ALERT: 2;
  readonly CRIT: 3;
  readonly ERR: 4;
  readonly WARN: 5;
  readonly NOTICE: 6;
  readonly INFO: 7;
  /** Written only by an nginx built with `--with-debug`. */
  readonly DEBUG: 8;

  // Methods, for `ngx.req.set_method` and `ngx.location.capture`.
  readonly HTTP_GET: 2;
  readonly HTTP_HEAD: 4;
  readonly HTTP_POST: 8;
  readonly HTTP_PUT: 16;
  readonly HTTP_DELETE: 32;
  readonly HTTP_MKCOL: 64;
  readonly HTTP_COPY: 128;
  readonly HTTP_MOVE: 256;
  readonly HTTP_OPTIONS: 512;
  readonly HTTP_PROPFIND: 1024;
  readonly HTTP_PROPPATCH: 2048;
  readonly HTTP_LOCK: 4096;
  readonly HTTP_UNLOCK: 8192;
  readonly HTTP_PATCH: 16384;
  readonly HTTP_TRACE: 32768;

  // Statuses. nginx knows no others by name; a plain number does as well.
  readonly HTTP_CONTINUE: 100;
  readonly HTTP_SWITCHING_PROTOCOLS: 101;
  readonly HTTP_OK: 200;
  readonly HTTP_CREATED: 201;
  readonly HTTP_ACCEPTED: 202;
  readonly HTTP_NO_CONTENT: 204;
  readonly HTTP_PARTIAL_CONTENT: 206;
  readonly HTTP_SPECIAL_RESPONSE: 300;
  readonly HTTP_MOVED_PERMANENTLY: 301;
  readonly HTTP_MOVED_TEMPORARILY: 302;
  readonly HTTP_SEE_OTHER: 303;
  readonly HTTP_NOT_MODIFIED: 304;
  readonly HTTP_TEMPORARY_REDIRECT: 307;
  readonly HTTP_PERMANENT_REDIRECT: 308;
  readonly HTTP_BAD_REQUEST: 400;
  readonly HTTP_UNAUTHORIZED: 401;
  readonly HTTP_PAYMENT_REQUIRED: 402;
  readonly HTTP_FORBIDDEN: 403;
  readonly HTTP_NOT_FOUND: 404;
  readonly HTTP_NOT_ALLOWED: 405;
  readonly HTTP_NOT_ACCEPTABLE: 406;
  readonly HTTP_REQUEST_TIMEOUT: 408;
  readonly HTTP_CONFLICT: 409;
  readonly HTTP_GONE: 410;
  readonly HTTP_UPGRADE_REQUIRED: 426;
  readonly HTTP_TOO_MANY_REQUESTS: 429;
  /** nginx's own: close the connection without an answer. */
  readonly HTTP_CLOSE: 444;
  readonly HTTP_ILLEGAL: 451;
  readonly HTTP_INTERNAL_SERVER_ERROR: 500;
  readonly HTTP_NOT_IMPLEMENTED: 501;
  /** The old name of {@link Ngx.HTTP_NOT_IMPLEMENTED}. */
  readonly HTTP_METHOD_NOT_IMPLEMENTED: 501;
  readonly HTTP_BAD_GATEWAY: 502;
  readonly HTTP_SERVICE_UNAVAILABLE: 503;
  readonly HTTP_GATEWAY_TIMEOUT: 504;
  readonly HTTP_VERSION_NOT_SUPPORTED: 505;
  readonly HTTP_INSUFFICIENT_STORAGE: 507;
}
