/** Keys of clients, out of what requests say: bounded, and none that a client makes up is another's. */
import { hashText } from "../balance/hash-text.ts";
import { integerText } from "../text.ts";
import { numberText } from "./number-text.ts";

/** Longer keys are cut. */
const MAX_BYTES = 100;

/**
 * One part before the others, with its length: whatever stands in it, where it ends is said before. No two lists of parts are joined
 * to one text.
 */
function joinedParts(part: string, rest: string): string {
  return `${numberText(part.length)}:${part}${rest}`;
}

/**
 * The key as it is, or of a long one the first 64 bytes and two hashes of it all: by chance two of them are one key once in 2^64.
 * The second hash reads the text from its second byte on, which MurmurHash3 takes in by four, so it has nothing to do with the first.
 */
function boundedKey(key: string): string {
  if (key.length <= MAX_BYTES) {
    return key;
  }
  const first = integerText(hashText(key));
  return `${key.slice(0, 64)}~${first}~${integerText(hashText(key.slice(1)))}`;
}

export { boundedKey, joinedParts };
