import { hashText } from "../_core/balance/hash-text.ts";
import type { Context } from "../_kit/context.ts";

/** Reads one thing of the request; "" where it is not there. */
type Reader = (this: void, context: Context) => string;

function prefixed(source: string, prefix: string): string | undefined {
  return source.indexOf(prefix) === 0 ? otherPart(source) : undefined;
}

/** What follows the first `:`. */
function otherPart(source: string): string {
  let rest = source;
  while (rest !== "" && rest.slice(0, 1) !== ":") {
    rest = rest.slice(1);
  }
  return rest.slice(1);
}

function readerOf(source: string): Reader {
  const header = prefixed(source, "header:");
  if (header !== undefined) {
    return (context) => context.header(header) ?? "";
  }
  const cookie = prefixed(source, "cookie:");
  if (cookie !== undefined) {
    return (context) => context.cookie(cookie) ?? "";
  }
  const query = prefixed(source, "query:");
  if (query !== undefined) {
    return (context) => context.query(query) ?? "";
  }
  return source === "path" ? (context) => context.path() : (context) => context.clientAddress();
}

/**
 * The hash of a request over all of `hash_on`. Where none of it is there the request has no home: its hash is random, so that
 * such requests do not all go to one peer.
 */
export function hashReader(
  hashOn: readonly string[],
  random: (this: void) => number,
): (this: void, context: Context) => number {
  const readers: Reader[] = [];
  for (const source of hashOn) {
    readers.push(readerOf(source));
  }
  return (context) => {
    let text = "";
    let found = false;
    for (let i = 0; i < readers.length; i++) {
      const read = readers[i];
      const value = read === undefined ? "" : read(context);
      found = found || value !== "";
      text = i === 0 ? value : `${text}\n${value}`;
    }
    if (!found) {
      return Math.floor(random() * 2147483647);
    }
    const hash = hashText(text);
    return hash;
  };
}
