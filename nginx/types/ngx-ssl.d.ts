/** @noSelfInFile */

/** A parsed chain of certificates (`STACK_OF(X509) *`). */
interface NgxCertChain extends FfiCdata {
  readonly __ngxCertChain: unique symbol;
}

/** A parsed private key (`EVP_PKEY *`). */
interface NgxPrivateKey extends FfiCdata {
  readonly __ngxPrivateKey: unique symbol;
}

/**
 * TLS of the client's connection. `import * as ssl from "ngx.ssl"`. Left out: keys of the session and raw OpenSSL pointers.
 * @noResolution
 */
declare module "ngx.ssl" {
  const version: string;
  const SSL3_VERSION: 0x300;
  const TLS1_VERSION: 0x301;
  const TLS1_1_VERSION: 0x302;
  const TLS1_2_VERSION: 0x303;
  const TLS1_3_VERSION: 0x304;

  /** The SNI name; undefined without an error when the client sent none. @phases any with a TLS connection */
  function server_name(): LuaMultiReturn<[string | undefined, string | undefined]>;
  /** @phases any with a TLS connection */
  function server_port(): NgxResult<number>;
  /** Raw bytes of the address (4, 16, or a path) and its kind. @phases any with a TLS connection */
  function raw_server_addr(): LuaMultiReturn<
    [string, "inet" | "inet6" | "unix", undefined] | [undefined, undefined, string]
  >;
  /** @phases any with a TLS connection */
  function raw_client_addr(): LuaMultiReturn<
    [string, "inet" | "inet6" | "unix", undefined] | [undefined, undefined, string]
  >;
  /** One of the constants above. @phases any with a TLS connection */
  function get_tls1_version(): NgxResult<number>;
  /** "TLSv1.3" and the like. @phases any with a TLS connection */
  function get_tls1_version_str(): NgxResult<string>;

  /** Drops the certificate of nginx.conf, first of all. @phases ssl_certificate */
  function clear_certs(): NgxResult<true>;
  /** @phases ssl_certificate */
  function set_cert(chain: NgxCertChain): NgxResult<true>;
  /** @phases ssl_certificate */
  function set_priv_key(key: NgxPrivateKey): NgxResult<true>;
  /** Parse once and keep it. @phases any */
  function parse_pem_cert(pem: string): NgxResult<NgxCertChain>;
  /** @phases any */
  function parse_pem_priv_key(pem: string): NgxResult<NgxPrivateKey>;
  /** @phases ssl_certificate */
  function set_der_cert(der: string): NgxResult<true>;
  /** @phases ssl_certificate */
  function set_der_priv_key(der: string): NgxResult<true>;
  /** @phases any */
  function cert_pem_to_der(pem: string): NgxResult<string>;
  /** @phases any */
  function priv_key_pem_to_der(pem: string, passphrase?: string): NgxResult<string>;
  /** Asks the client for a certificate signed by `chain`; look at `ngx.var.ssl_client_verify`. @phases ssl_certificate */
  function verify_client(chain?: NgxCertChain, depth?: number): NgxResult<true>;

  export { version, SSL3_VERSION, TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION };
  export { server_name, server_port, raw_server_addr, raw_client_addr, get_tls1_version, get_tls1_version_str };
  export { clear_certs, set_cert, set_priv_key, parse_pem_cert, parse_pem_priv_key, verify_client };
  export { set_der_cert, set_der_priv_key, cert_pem_to_der, priv_key_pem_to_der };
}
