/** @noSelfInFile */

/** Arguments to encode: `true` is a bare name, `false` and undefined are left out, an array repeats the name. */
interface NgxArgs {
  [name: string]: string | number | boolean | readonly (string | number | boolean)[] | undefined;
}

/** Arguments decoded: `true` for a bare name, an array when repeated, in no order among names. */
interface NgxDecodedArgs {
  [name: string]: string | true | (string | true)[] | undefined;
}

/** Encoding and hashing. None yields. */
/** @noSelf */
interface Ngx {
  /** Percent-encodes. `type` 2 (when absent): a component; 0: a whole URI. @phases any */
  escape_uri(text: string, type?: 0 | 2): string;
  /** Decodes percents; `+` becomes a space. @phases any */
  unescape_uri(text: string): string;

  /** A query string in no particular order. Raises an error on other values. @phases any but init, init_worker, exit_worker */
  encode_args(args: NgxArgs): string;
  /**
   * @param maxArgs 100 when absent, 0: no limit (do not, on foreign input)
   * @returns second: "truncated" when there were more
   * @phases any but init, init_worker, exit_worker
   */
  decode_args(text: string, maxArgs?: number): LuaMultiReturn<[NgxDecodedArgs, string | undefined]>;

  /** @phases any */
  encode_base64(text: string, noPadding?: boolean): string;
  /** Undefined when it is not base64. @phases any */
  decode_base64(text: string): string | undefined;
  /** Skips characters that are not base64 (line breaks). Undefined on an error. ngx_lua 0.10.26. @phases any */
  decode_base64mime?(text: string): string | undefined;

  /** CRC-32, for less than some 60 bytes. @phases any */
  crc32_short(text: string): number;
  /** CRC-32, for longer strings. @phases any */
  crc32_long(text: string): number;
  /** 32 lowercase hex digits. @phases any */
  md5(text: string): string;
  /** 16 bytes. @phases any */
  md5_bin(text: string): string;
  /** 20 bytes. @phases any */
  sha1_bin(text: string): string;
  /** 20 bytes. Needs an nginx built with OpenSSL. @phases any */
  hmac_sha1(secret: string, text: string): string;

  /** Quotes for MySQL's literals, single quotes included. Not for identifiers, not for PostgreSQL. @phases any */
  quote_sql_str(text: string): string;
}
