import * as ffi from "ffi";
import { get_request } from "resty.core.base";

const address = ffi.typeof("uintptr_t");

/** nginx's address of the request in hand: no two requests of a worker have the same at once. */
export function requestHandle(): number {
  const pointer = ffi.cast(address, get_request());
  // A local first: a builtin in tail position would end the compiled trace.
  const handle = tonumber(pointer) as number;
  return handle;
}
