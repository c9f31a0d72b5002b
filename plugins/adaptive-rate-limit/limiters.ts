import type { Store } from "../_kit/ports.ts";
import type { Algorithm } from "./config.ts";
import { fixedLimiter } from "./fixed-limiter.ts";
import { gcraLimiter } from "./gcra-limiter.ts";
import type { Limiter } from "./limiter.ts";
import { slidingLimiter } from "./sliding-limiter.ts";

/** The limiter of one policy with its state in this gateway's memory. */
export function localLimiter(algorithm: Algorithm, store: Store): Limiter {
  if (algorithm === "fixed-window") {
    return fixedLimiter(store);
  }
  return algorithm === "sliding-window" ? slidingLimiter(store) : gcraLimiter(store);
}
