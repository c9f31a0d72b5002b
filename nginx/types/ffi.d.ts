/** @noSelfInFile */

/** A C value. Its fields are unknown to TypeScript: cast to an interface of your own. Indices count from 0, as in C. */
interface FfiCdata {
  readonly __ffiCdata: unique symbol;
}

/** A C type made by `ffi.typeof`. */
interface FfiCtype {
  readonly __ffiCtype: unique symbol;
}

/**
 * LuaJIT's FFI: `import * as ffi from "ffi"` (there is no global of that name, whatever lua-types says). A call that is not compiled
 * costs thousands of instructions.
 * @noSelf
 */
interface Ffi {
  /** The symbols of the program and its libraries, once declared by `cdef`. Cast it to an interface that is `@noSelf`. */
  readonly C: object;
  /** Raises an error when a declaration is given twice with a difference. */
  cdef(declarations: string): void;
  load(name: string, global?: boolean): object;
  "new"(type: string | FfiCtype, ...initial: unknown[]): FfiCdata;
  typeof(type: string | FfiCtype | FfiCdata): FfiCtype;
  cast(type: string | FfiCtype, value: unknown): FfiCdata;
  metatype(type: string | FfiCtype, metatable: object): FfiCtype;
  /** Calls `finalizer` before the value is collected. */
  gc<T extends FfiCdata>(value: T, finalizer: ((this: void, value: T) => void) | undefined): T;
  sizeof(type: string | FfiCtype | FfiCdata, elements?: number): number | undefined;
  alignof(type: string | FfiCtype | FfiCdata): number;
  offsetof(type: string | FfiCtype, field: string): number | undefined;
  istype(type: string | FfiCtype, value: unknown): boolean;
  /** A Lua string from C memory; to the first zero byte when `length` is absent. */
  string(pointer: FfiCdata, length?: number): string;
  copy(to: FfiCdata, from: FfiCdata | string, length?: number): void;
  fill(to: FfiCdata, length: number, byte?: number): void;
  /** C's `errno`, set to `value` if given. */
  errno(value?: number): number;
  abi(parameter: "32bit" | "64bit" | "le" | "be" | "fpu" | "softfp" | "hardfp" | "eabi" | "win" | "gc64"): boolean;
  readonly os: string;
  readonly arch: string;
}

/** @noResolution */
declare module "ffi" {
  const ffi: Ffi;
  export = ffi;
}
