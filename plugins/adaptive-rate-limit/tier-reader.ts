import { withoutFirst } from "../_core/byte-cut.ts";
import type { Context } from "../_kit/context.ts";

const PREFIX_LENGTH = 7;

/** Reads the name of the request's tier, as the request or the host says it. @param by `consumer`, or `header:N` */
export function tierReader(by: string): (this: void, context: Context) => string | undefined {
  if (by === "consumer") {
    return (context) => context.consumer();
  }
  const name = withoutFirst(by, PREFIX_LENGTH);
  return (context) => context.header(name);
}
