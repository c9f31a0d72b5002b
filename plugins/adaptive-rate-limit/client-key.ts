import { boundedKey, joinedParts } from "../_core/limit/key-text.ts";
import { firstBytes, withoutFirst } from "../_core/byte-cut.ts";
import { pathSegment } from "../_core/path-segment.ts";
import { parseDigits } from "../_core/text.ts";
import type { Context } from "../_kit/context.ts";

/** Reads one thing of the request. */
type Reader = (this: void, context: Context) => string | undefined;

/** The key of the request's client, ready for the store. */
export type ClientKey = (this: void, context: Context) => string;

/** Before what the request has, and before the address of a client whose request lacks it: no value can pass for the other. */
const PRESENT = "=";
const ABSENT = "!";

function readerOf(source: string, route: string): Reader {
  const colon = source.indexOf(":");
  const kind = colon < 0 ? source : firstBytes(source, colon);
  const name = colon < 0 ? "" : withoutFirst(source, colon + 1);
  if (kind === "header") {
    return (context) => context.header(name);
  }
  if (kind === "cookie") {
    return (context) => context.cookie(name);
  }
  if (kind === "query") {
    return (context) => context.query(name);
  }
  if (kind === "consumer") {
    return (context) => context.consumer();
  }
  if (kind === "path") {
    const wanted = parseDigits(name) ?? 1;
    return name === "" ? (context) => context.path() : (context) => pathSegment(context.path(), wanted);
  }
  const fixed = kind === "route" ? route : "all";
  return () => fixed;
}

/** The last part, behind `head`: what comes is all of it, so its length need not be said. */
function lastPart(head: string, source: string, route: string): ClientKey {
  const present = head + PRESENT;
  if (source === "client_address") {
    return (context) => present + context.clientAddress();
  }
  const absent = head + ABSENT;
  const read = readerOf(source, route);
  return (context) => {
    const value = read(context);
    return value === undefined || value === "" ? absent + context.clientAddress() : present + value;
  };
}

/** All parts from `index` on: functions that call each other, for a loop would end the compiled trace around it. */
function partsFrom(sources: readonly string[], index: number, route: string): ClientKey {
  const source = sources[index] ?? "constant";
  const part = lastPart("", source, route);
  if (index === sources.length - 1) {
    return part;
  }
  const others = partsFrom(sources, index + 1, route);
  return (context) => {
    const joined = joinedParts(part(context), others(context));
    return joined;
  };
}

/**
 * What tells clients apart by `sources`. Where a request lacks one of them, the client's address stands in for it: as in Kong,
 * leaving a header out is no way around a limit, nor one into another client's.
 * @param prefix begins all keys of the policy
 */
export function clientKey(prefix: string, sources: readonly string[], route: string): ClientKey {
  const first = sources[0];
  const only = sources.length === 1 && first !== undefined;
  const parts = only ? lastPart(prefix, first, route) : partsFrom(sources, 0, route);
  return (context) => {
    // Prefixed already where there is one part: one text less is made.
    const key = boundedKey(only ? parts(context) : prefix + parts(context));
    return key;
  };
}
