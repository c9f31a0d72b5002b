/** Where the body of an answer ends (RFC 9112, 6.3). */
import type { ByteReader } from "./byte-reader.ts";
import { chunkedPieces, type Pieces } from "./http-chunks.ts";
import type { HttpHead } from "./http-head.ts";

/** For pieces of bodies whose end is not known. */
const PIECE_BYTES = 65536;
/** Digits of a length below 2^53. */
const MOST_DIGITS = 15;

function brokenPieces(problem: string): Pieces {
  return { next: () => undefined, problem: () => problem, isWhole: () => false };
}

function countedPieces(reader: ByteReader, length: number): Pieces {
  let left = length;
  let problem: string | undefined;
  return {
    next: () => {
      const piece = left > 0 && problem === undefined ? reader.some(left) : undefined;
      if (piece !== undefined) {
        left -= piece.length;
      } else if (left > 0) {
        problem ??= reader.problem();
      }
      return piece;
    },
    problem: () => problem,
    isWhole: () => left === 0,
  };
}

/** Until the server closes: then nothing else can come on the connection. */
function allPieces(reader: ByteReader): Pieces {
  let problem: string | undefined;
  return {
    next: () => {
      const piece = problem === undefined ? reader.some(PIECE_BYTES) : undefined;
      if (piece === undefined && reader.problem() !== "closed") {
        problem ??= reader.problem();
      }
      return piece;
    },
    problem: () => problem,
    isWhole: () => false,
  };
}

/** @param method of the request */
export function bodyPieces(reader: ByteReader, head: HttpHead, method: string): Pieces {
  if (method === "HEAD" || head.status === 204 || head.status === 304) {
    return countedPieces(reader, 0);
  }
  if (head.coding !== "") {
    // Anything else was not asked for; and HTTP/1.0 has no chunks.
    const isChunked = head.coding === "chunked" && head.minor > 0;
    return isChunked ? chunkedPieces(reader) : brokenPieces("malformed answer: a transfer coding that is not chunked");
  }
  const written = head.headers["content-length"];
  if (written === undefined) {
    return allPieces(reader);
  }
  const [digits] = string.match(written, "^%d+$");
  if (digits === undefined || digits.length > MOST_DIGITS) {
    return brokenPieces("malformed answer: a length that is none");
  }
  return countedPieces(reader, tonumber(digits) ?? 0);
}
