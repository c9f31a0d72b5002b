/** @noSelfInFile */

/**
 * What both modules of lua-cjson share. Settings are kept per module table and hold for the whole worker: use `new()` for your own.
 * @noSelf
 */
interface CjsonSettings {
  /** The light userdata that stands for null; the same as `ngx.null`. */
  readonly null: NgxNull;
  readonly _NAME: string;
  readonly _VERSION: string;
  /** Deepest nesting to decode: 1000 when never set. Gives the setting. */
  decode_max_depth(depth?: number): number;
  /** Accept NaN, Infinity and hexadecimal numbers. */
  decode_invalid_numbers(accept?: boolean): boolean;
  /** Deepest nesting to encode: 1000 when never set. */
  encode_max_depth(depth?: number): number;
  /** true: write NaN and Infinity; "null": write null; false: an error. */
  encode_invalid_numbers(setting?: boolean | "null"): boolean | "null";
  /** Reuse one growing buffer. */
  encode_keep_buffer(keep?: boolean): boolean;
  /** Digits of a number, 1 to 14 (16 in OpenResty's). 14 when never set: microseconds since the epoch lose digits. */
  encode_number_precision(digits?: number): number;
  /** How tables with holes are written; the defaults refuse arrays that are mostly holes. */
  encode_sparse_array(
    convert?: boolean,
    ratio?: number,
    safe?: number,
  ): LuaMultiReturn<[convert: boolean, ratio: number, safe: number]>;

  // OpenResty's fork only; undefined in Debian's lua-cjson.

  /** `setmetatable(table, cjson.array_mt)` makes an array of it, empty ones included. */
  readonly array_mt?: LuaMetatable<object>;
  readonly empty_array_mt?: LuaMetatable<object>;
  /** Encodes as `[]`. */
  readonly empty_array?: NgxNull;
  /** Write empty tables as `{}` (true, when never set) or `[]`. */
  encode_empty_table_as_object?(setting?: boolean): boolean;
  /** Mark decoded arrays with `array_mt`. */
  decode_array_with_array_mt?(setting?: boolean): boolean;
  /** Leave out what cannot be encoded instead of failing. */
  encode_skip_unsupported_value_types?(setting?: boolean): boolean;
  /** Indent by this string; "" (when never set): one line. Recent versions only. */
  encode_indent?(indent?: string): string;
  /** Accept comments. Recent versions only. */
  decode_allow_comment?(setting?: boolean): boolean;
  /** Write `/` as `\/` (true, when never set). */
  encode_escape_forward_slash?(setting?: boolean): boolean;
}

/**
 * Raises errors. An empty table encodes as `{}`, and null decodes to `cjson.null`, never to undefined.
 * @noSelf
 */
interface Cjson extends CjsonSettings {
  /** Raises an error on functions, threads, mixed or sparse tables, NaN. */
  encode(value: unknown): string;
  /** Raises an error when it is not JSON. */
  decode(text: string): unknown;
  /** A copy with settings of its own. */
  "new"(): Cjson;
}

/**
 * Gives undefined and a sentence instead of raising errors.
 * @noSelf
 */
interface CjsonSafe extends CjsonSettings {
  encode(value: unknown): NgxResult<string>;
  /** The result is unknown: a JSON null is `cjson.null`, and undefined means that it failed. */
  decode(text: string): LuaMultiReturn<[unknown, string | undefined]>;
  "new"(): CjsonSafe;
}

/**
 * `import * as cjson from "cjson"`
 * @noResolution
 */
declare module "cjson" {
  const cjson: Cjson;
  export = cjson;
}

/**
 * `import * as cjson from "cjson.safe"`
 * @noResolution
 */
declare module "cjson.safe" {
  const cjson: CjsonSafe;
  export = cjson;
}
