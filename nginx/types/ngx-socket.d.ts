/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly socket: NgxSockets;
}

/**
 * Sockets whose waiting yields instead of blocking the worker. A socket belongs to the handler that made it: it cannot be kept at
 * module level or used by another request. `lua_socket_log_errors off` keeps its errors out of error.log.
 * @noSelf
 */
interface NgxSockets {
  /** @phases rewrite, access, content, timer, ssl_certificate, ssl_session_fetch, ssl_client_hello */
  tcp(): NgxResult<NgxTcpSocket>;
  /** The same as `tcp`. */
  stream(): NgxResult<NgxTcpSocket>;
  /** @phases rewrite, access, content, timer, ssl_certificate, ssl_session_fetch, ssl_client_hello */
  udp(): NgxResult<NgxUdpSocket>;
  /** `tcp()` and `connect` at once. @phases rewrite, access, content, timer */
  connect(host: string, port: number, options?: NgxConnectOptions): NgxResult<NgxTcpSocket>;
  connect(unixPath: string, options?: NgxConnectOptions): NgxResult<NgxTcpSocket>;
}

interface NgxConnectOptions {
  /** The pool's name; "host:port" or the path when absent. Give one when TLS settings differ. */
  readonly pool?: string;
  /** Idle connections kept, for each worker: `lua_socket_pool_size` (30) when absent. 0.10.14 */
  readonly pool_size?: number;
  /** With it, connections in use count too, and up to so many callers wait for one. 0.10.14 */
  readonly backlog?: number;
}

/** A TLS session, to hand to a later handshake with the same server. */
interface NgxSslSession {
  readonly __ngxSslSession: unique symbol;
}

/** What every socket that reads has. */
interface NgxReadingSocket {
  /**
   * A line without its end ("*l", when absent), everything until the peer closes ("*a"), or exactly so many bytes. Yields.
   * @returns undefined, the error ("timeout", "closed", …) and what was read so far
   */
  receive(what?: number | "*l" | "*a"): LuaMultiReturn<[string, undefined, undefined] | [undefined, string, string]>;
  /** Whatever comes next, at most `max` bytes. Yields. 0.10.14 */
  receiveany(max: number): NgxResult<string>;
  /**
   * A function that reads up to the plain string `pattern`, which is left out unless `inclusive`. Called with a size it gives pieces of
   * at most that size, then undefined without an error once the pattern came.
   */
  receiveuntil(pattern: string, options?: { readonly inclusive?: boolean }): NgxReadUntil;
  /** For all that follows, in milliseconds. */
  settimeout(milliseconds: number): void;
  /** In milliseconds; undefined leaves one as it is. 0.10.7 */
  settimeouts(connect: number | undefined, send: number | undefined, read: number | undefined): void;
}

type NgxReadUntil = (
  this: void,
  size?: number,
) => LuaMultiReturn<[string | undefined, string | undefined, string | undefined]>;

/** What `ngx.req.socket()` gives. */
interface NgxRequestBodySocket extends NgxReadingSocket {}

/** What `ngx.req.socket(true)` gives: the client's connection itself. */
interface NgxRawRequestSocket extends NgxReadingSocket {
  /** Gives the number of bytes. Yields. */
  send(data: NgxChunk): NgxResult<number>;
}

type NgxSocketOption = "keepalive" | "reuseaddr" | "tcp-nodelay" | "sndbuf" | "rcvbuf";

/** Times are in milliseconds. After an error other than "timeout" the connection is closed already. */
interface NgxTcpSocket extends NgxReadingSocket {
  /**
   * Takes an idle connection from the pool or opens one. Names need `resolver` in nginx.conf. Yields.
   * @returns undefined and "timeout", "connection refused", "too many waiting connect operations", …
   */
  connect(host: string, port: number, options?: NgxConnectOptions): NgxResult<1>;
  connect(unixPath: string, options?: NgxConnectOptions): NgxResult<1>;
  /** The local address to connect from; before `connect`. */
  bind(address: string, port?: number): NgxResult<1>;

  /**
   * TLS on the connection. Not needed on one reused from the pool (`getreusedtimes() > 0`). Yields.
   * @param reusedSession a session of before; `false`: make none, and give true instead
   * @param serverName for SNI, and to check the certificate against
   * @param verify check against `lua_ssl_trusted_certificate`; off when absent: always say true for hosts that are not yours
   * @param sendStatusRequest ask for OCSP
   */
  sslhandshake(
    reusedSession: false,
    serverName?: string,
    verify?: boolean,
    sendStatusRequest?: boolean,
  ): NgxResult<true>;
  sslhandshake(
    reusedSession?: NgxSslSession,
    serverName?: string,
    verify?: boolean,
    sendStatusRequest?: boolean,
  ): NgxResult<NgxSslSession>;
  /** For mutual TLS, before the handshake; both undefined: none again. 0.10.22 */
  setclientcert(chain: NgxCertChain | undefined, key: NgxPrivateKey | undefined): NgxResult<true>;

  /** Gives the number of bytes. Yields; nothing is buffered. */
  send(data: NgxChunk): NgxResult<number>;
  close(): NgxResult<1>;

  /**
   * Puts the connection into the pool instead of closing it; the socket is closed for you. Refused with "unread data in buffer".
   * @param maxIdleMilliseconds `lua_socket_keepalive_timeout` (60 s) when absent, 0: for ever
   * @param poolSize only when `connect` was given none
   */
  setkeepalive(maxIdleMilliseconds?: number, poolSize?: number): NgxResult<1>;
  /** How often the connection came out of the pool; 0: it is new. */
  getreusedtimes(): NgxResult<number>;

  /** 0.10.18 */
  setoption(option: NgxSocketOption, value: number | boolean): NgxResult<true>;
  /** 0.10.18 */
  getoption(option: NgxSocketOption): NgxResult<number>;

  // Newer than 0.10.23 (Debian 12).

  /** The file descriptor. 0.10.29 */
  getfd?(): NgxResult<number>;
  /** The session once it can be resumed: ask after the first answer. */
  getsslsession?(): NgxResult<NgxSslSession>;
  /** OpenSSL's `SSL *`. */
  getsslpointer?(): NgxResult<FfiCdata>;
  /** OpenSSL's `SSL_CTX *`. */
  getsslctx?(): NgxResult<FfiCdata>;
  /** An `X509_STORE *` to verify the next handshake with. */
  settrustedstore?(store: FfiCdata | undefined): NgxResult<true>;
}

interface NgxUdpSocket {
  /** The local address to send from; before `setpeername`. Newer than 0.10.23. */
  bind?(address: string): NgxResult<1>;
  /** Names need `resolver` in nginx.conf. Yields then. */
  setpeername(host: string, port: number): NgxResult<1>;
  setpeername(unixPath: string): NgxResult<1>;
  /** One datagram. */
  send(data: NgxChunk): NgxResult<1>;
  /** One datagram, of at most `size` bytes (8192 when absent, which is the most). Yields. */
  receive(size?: number): NgxResult<string>;
  close(): NgxResult<1>;
  /** In milliseconds. */
  settimeout(milliseconds: number): void;
}
