import { schema as s } from "../../../plugins/_kit/schema/index.ts";
import { SIZE_PATTERN } from "./sizes.ts";

/** Names that become metric labels, state keys and parts of nginx names. */
export const NAME_PATTERN = "^[A-Za-z0-9_.-]{1,64}$";
export const NAME_WORDS = "1 to 64 letters, digits, _, . or -";

/** Text on one line: no control character, no line separator. */
export const PATH = {
  pattern: "^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+$",
  expects: "a path without control characters",
  maxLength: 1000,
} as const;

export function filePath(description: string) {
  return s.string({ ...PATH, description });
}

/** Seconds that nginx can count: it knows milliseconds. */
function seconds(description: string) {
  return s.number({ min: 0.001, max: 86400, optional: true, description });
}

/** Each one may be left out: then what stands around it holds. */
export function timeouts(where: string) {
  return s.record(
    {
      connect: seconds("Seconds to wait for a connection to a peer."),
      send: seconds("Seconds to wait between two writes to a peer."),
      read: seconds("Seconds to wait between two reads from a peer."),
    },
    { description: `How long to wait for peers, ${where}.` },
  );
}

/** A size in bytes, or with a unit: `16m`. */
export function size(description: string) {
  return [
    s.string({ pattern: SIZE_PATTERN, expects: "a size like 64k, 16m or 1g", description }),
    s.integer({ min: 0, description }),
  ] as const;
}
