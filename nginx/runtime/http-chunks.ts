/** A body in chunks (RFC 9112, 7.1). */
import type { ByteReader } from "./byte-reader.ts";

/** The size, and extensions that nobody uses. */
const MOST_SIZE_BYTES = 4096;
const MOST_TRAILER_BYTES = 65536;
/** A size with more digits is no size. */
const MOST_DIGITS = 12;

/** @noSelf */
export interface Pieces {
  /** The next bytes of the body; undefined at its end and after a problem. */
  next(): string | undefined;
  /** Undefined while all is well, also at the end. */
  problem(): string | undefined;
  /** True when the body came whole, and what follows on the connection is another answer. */
  isWhole(): boolean;
}

function sizeIn(line: string): number | undefined {
  const [digits, after] = string.match(line, "^(%x+)[ \t]*(.?)");
  const isSize = digits !== undefined && digits.length <= MOST_DIGITS && (after === "" || after === ";");
  return isSize ? tonumber(digits, 16) : undefined;
}

export function chunkedPieces(reader: ByteReader): Pieces {
  let left = 0;
  let isFirst = true;
  let isWhole = false;
  let problem: string | undefined;

  function fail(what: string): void {
    problem = what;
  }

  /** The lines behind the last chunk. */
  function skipTrailers(): void {
    let bytes = MOST_TRAILER_BYTES;
    while (!isWhole) {
      const line = reader.line(bytes);
      if (line === undefined) {
        fail(reader.problem());
        return;
      }
      bytes -= line.length + 1;
      isWhole = line === "";
    }
  }

  /** False at the end and after a problem. */
  function startChunk(): boolean {
    const end = isFirst ? "" : reader.line(2);
    if (end !== "") {
      fail(end === undefined ? reader.problem() : "malformed answer: a chunk that goes on behind its end");
      return false;
    }
    isFirst = false;
    const line = reader.line(MOST_SIZE_BYTES);
    if (line === undefined) {
      fail(reader.problem());
      return false;
    }
    const size = sizeIn(line);
    if (size === undefined) {
      fail("malformed answer: a chunk without a size");
      return false;
    }
    if (size === 0) {
      skipTrailers();
      return false;
    }
    left = size;
    return true;
  }

  return {
    next: () => {
      if (isWhole || problem !== undefined || (left === 0 && !startChunk())) {
        return undefined;
      }
      const piece = reader.some(left);
      if (piece === undefined) {
        fail(reader.problem());
      } else {
        left -= piece.length;
      }
      return piece;
    },
    problem: () => problem,
    isWhole: () => isWhole,
  };
}
