import { readReply, type RespReply, standsWhole, startReading } from "./resp-reply.ts";

/** What came of the answers to several commands that were sent together. */
interface RespAnswers {
  /** `short`: more bytes must come. `broken`: not RESP2, or more than was asked for: the connection is worth nothing. */
  readonly state: "whole" | "short" | "broken";
  /** In the order of the commands; all of them only when `whole`. */
  readonly replies: readonly RespReply[];
}

/** Reads the answers to `count` commands. @param text all that came since they were sent */
function readAnswers(text: string, count: number): RespAnswers {
  const cursor = startReading(text);
  const replies: RespReply[] = [];
  while (replies.length < count) {
    const reply = readReply(cursor);
    if (!standsWhole(cursor)) {
      return { state: cursor.state, replies };
    }
    replies.push(reply);
  }
  return { state: cursor.rest === "" ? "whole" : "broken", replies };
}

export { readAnswers };
export type { RespAnswers };
