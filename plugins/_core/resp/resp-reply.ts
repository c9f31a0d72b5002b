/**
 * Reads what a server says in RESP2 (https://redis.io/docs/latest/develop/reference/protocol-spec/), from bytes that may end
 * anywhere. Whoever has too few reads again from the front when more have come: answers are short.
 */
import { firstBytes, withoutFirst } from "../byte-cut.ts";
import { parseDigits } from "../text.ts";

/** An answer to one command. */
type RespReply =
  | { readonly kind: "text"; readonly text: string }
  /** Exact up to 2^53. */
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "nil" }
  | { readonly kind: "list"; readonly items: readonly RespReply[] }
  /** `text` begins with a code in capital letters. */
  | { readonly kind: "error"; readonly text: string };

/** Where reading stands. */
interface RespCursor {
  /** What was not read. */
  rest: string;
  /** `short`: more bytes must come. `broken`: this is not RESP2, whatever comes. */
  state: "whole" | "short" | "broken";
}

/** A number of 16 digits or more is none of Redis' lengths, and 64 bits do not fit into a double. */
const MOST_DIGITS = 15;
/** Lists in lists: a deeper one is an attack on the stack. */
const MOST_DEPTH = 8;

const NIL: RespReply = { kind: "nil" };

function startReading(text: string): RespCursor {
  return { rest: text, state: "whole" };
}

/** Asked anew each time: a type checker thinks that what was read once stays. */
function standsWhole(cursor: RespCursor): boolean {
  return cursor.state === "whole";
}

/** The next line without its end, which is CR LF. */
function takeLine(cursor: RespCursor): string {
  const end = cursor.rest.indexOf("\r\n");
  if (end < 0) {
    cursor.state = "short";
    return "";
  }
  const line = firstBytes(cursor.rest, end);
  cursor.rest = withoutFirst(cursor.rest, end + 2);
  return line;
}

/** A whole number, with a sign or without. */
function takeInteger(cursor: RespCursor): number {
  const line = takeLine(cursor);
  const sign = line.slice(0, 1);
  const digits = sign === "-" || sign === "+" ? line.slice(1) : line;
  const value = digits.length > MOST_DIGITS ? undefined : parseDigits(digits);
  if (value === undefined) {
    if (standsWhole(cursor)) {
      cursor.state = "broken";
    }
    return 0;
  }
  // Not -0, which nobody has said.
  return sign === "-" && value > 0 ? -value : value;
}

function takeBulk(cursor: RespCursor): RespReply {
  const length = takeInteger(cursor);
  if (length === -1 || !standsWhole(cursor)) {
    return NIL;
  }
  if (length < 0) {
    cursor.state = "broken";
    return NIL;
  }
  if (cursor.rest.length < length + 2) {
    cursor.state = "short";
    return NIL;
  }
  const text = firstBytes(cursor.rest, length);
  cursor.rest = withoutFirst(cursor.rest, length);
  if (cursor.rest.slice(0, 2) !== "\r\n") {
    cursor.state = "broken";
  }
  cursor.rest = cursor.rest.slice(2);
  return { kind: "text", text };
}

function takeList(cursor: RespCursor, depth: number): RespReply {
  const count = takeInteger(cursor);
  if (count === -1) {
    return NIL;
  }
  if (count < 0 || depth >= MOST_DEPTH) {
    cursor.state = "broken";
  }
  const items: RespReply[] = [];
  while (standsWhole(cursor) && items.length < count) {
    items.push(takeReply(cursor, depth + 1));
  }
  return { kind: "list", items };
}

function takeReply(cursor: RespCursor, depth: number): RespReply {
  const type = cursor.rest.slice(0, 1);
  if (type === "") {
    cursor.state = "short";
    return NIL;
  }
  cursor.rest = cursor.rest.slice(1);
  if (type === "+") {
    return { kind: "text", text: takeLine(cursor) };
  }
  if (type === "-") {
    return { kind: "error", text: takeLine(cursor) };
  }
  if (type === ":") {
    return { kind: "integer", value: takeInteger(cursor) };
  }
  if (type === "$") {
    return takeBulk(cursor);
  }
  if (type === "*") {
    return takeList(cursor, depth);
  }
  cursor.state = "broken";
  return NIL;
}

/** The next reply. It is worthless unless the cursor then stands `whole`. */
function readReply(cursor: RespCursor): RespReply {
  return takeReply(cursor, 0);
}

export { readReply, standsWhole, startReading };
export type { RespCursor, RespReply };
