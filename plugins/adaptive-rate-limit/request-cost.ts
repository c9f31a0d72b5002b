import { decimalPrefix } from "../_core/balance/decimal-prefix.ts";
import { withoutFirst } from "../_core/byte-cut.ts";
import type { Context } from "../_kit/context.ts";

/** As much as the configuration may say; a header that says more is taken for this. */
const MOST = 1e6;
const PREFIX_LENGTH = 7;

/** What a header says that a request costs: 1 where it says nothing, or no number above 0. */
export function costOf(said: string | undefined): number {
  if (said === undefined) {
    return 1;
  }
  const cost = decimalPrefix(said);
  if (cost === undefined || !(cost > 0)) {
    return 1;
  }
  return cost > MOST ? MOST : cost;
}

/** Reads the cost of a request where it differs from one to the next; undefined where it is a number. */
export function costReader(cost: number | string): ((this: void, context: Context) => number) | undefined {
  if (typeof cost === "number") {
    return undefined;
  }
  // header:N
  const name = withoutFirst(cost, PREFIX_LENGTH);
  return (context) => costOf(context.header(name));
}
