/** Reads numbers from bytes, the most significant one first, as network protocols have them. */

/** Where reading stands. */
interface ByteCursor {
  /** Each 0 to 255. */
  readonly bytes: readonly number[];
  /** The next byte's place, from 0. */
  at: number;
  /** Something was asked for that is not there, or is not what it must be: what was read since is worthless. */
  broken: boolean;
}

function startCursor(bytes: readonly number[]): ByteCursor {
  return { bytes, at: 0, broken: false };
}

/** 0 to 255; 0 past the end. */
function nextByte(cursor: ByteCursor): number {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) {
    cursor.broken = true;
    return 0;
  }
  cursor.at += 1;
  return byte;
}

/** 0 to 65535. */
function nextPair(cursor: ByteCursor): number {
  const high = nextByte(cursor);
  const low = nextByte(cursor);
  return high * 256 + low;
}

/** 0 to 2^32 - 1. */
function nextQuad(cursor: ByteCursor): number {
  const high = nextPair(cursor);
  const low = nextPair(cursor);
  return high * 65536 + low;
}

/** Asked anew each time: a type checker thinks that what was read once stays. */
function isBroken(cursor: ByteCursor): boolean {
  return cursor.broken;
}

export { isBroken, nextByte, nextPair, nextQuad, startCursor };
export type { ByteCursor };
