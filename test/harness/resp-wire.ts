import fc from "fast-check";
import type { RespReply } from "../../plugins/_core/resp/resp-reply.ts";

const line = fc.string({ unit: "binary-ascii", maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, "."));

/** Any answer, lists in lists included. */
export const replies: fc.Arbitrary<RespReply> = fc.letrec<{ reply: RespReply; list: RespReply }>((tie) => ({
  reply: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constant("nil" as const) }, { noNullPrototype: true }),
    fc.record(
      { kind: fc.constant("text" as const), text: fc.string({ unit: "binary-ascii", maxLength: 40 }) },
      { noNullPrototype: true },
    ),
    fc.record(
      { kind: fc.constant("integer" as const), value: fc.integer({ min: -999_999_999, max: 999_999_999 }) },
      { noNullPrototype: true },
    ),
    fc.record({ kind: fc.constant("error" as const), text: line }, { noNullPrototype: true }),
    tie("list"),
  ),
  list: fc.record(
    { kind: fc.constant("list" as const), items: fc.array(tie("reply"), { maxLength: 4 }) },
    { noNullPrototype: true },
  ),
})).reply;

/** As a server sends it. */
export function wireText(reply: RespReply): string {
  switch (reply.kind) {
    case "nil":
      return "$-1\r\n";
    case "text":
      return `$${String(reply.text.length)}\r\n${reply.text}\r\n`;
    case "integer":
      return `:${String(reply.value)}\r\n`;
    case "error":
      return `-${reply.text}\r\n`;
    case "list":
      return `*${String(reply.items.length)}\r\n${reply.items.map(wireText).join("")}`;
  }
}
