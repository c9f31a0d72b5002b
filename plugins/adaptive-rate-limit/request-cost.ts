import { decimalPrefix } from "../_core/balance/decimal-prefix.ts";
import { withoutFirst } from "../_core/byte-cut.ts";
import type { Context } from "../_kit/context.ts";

/** As much as the configuration may say; a header that says more is taken for this. */
const MOST = 1e6;
const PREFIX_LENGTH = 7;

/** What a header says that a request costs: never less than `least`, which it costs where nothing is said, or no number. */
export function costOf(said: string | undefined, least: number): number {
  if (said === undefined) {
    return least;
  }
  const cost = decimalPrefix(said);
  if (cost === undefined || !(cost > least)) {
    return least;
  }
  return cost > MOST ? MOST : cost;
}

/**
 * Reads the cost of a request where it differs from one to the next; undefined where it does not.
 * @param from `header:N`
 */
export function costReader(
  least: number,
  from: string | undefined,
): ((this: void, context: Context) => number) | undefined {
  if (from === undefined) {
    return undefined;
  }
  const name = withoutFirst(from, PREFIX_LENGTH);
  return (context) => costOf(context.header(name), least);
}
