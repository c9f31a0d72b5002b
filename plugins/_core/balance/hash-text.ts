/**
 * Hashes for consistent hashing: the same whole number from 0 to 2^32 - 1 in Node and in LuaJIT. `bit` operations have a sign
 * in both, and wrap alike on numbers below 2^51. Not for secrets: it is easy to find texts that have the same hash.
 *
 * Source of all constants: A. Appleby, MurmurHash3.cpp (MurmurHash3_x86_32, seed 0), public domain.
 */

/** 2^32 divided by the golden ratio: its multiples lie far apart. */
const GOLDEN_STEP = 0x9e3779b9;

/** The product of two numbers of 32 bits modulo 2^32, with a sign; of the second one the halves. Nothing exceeds 2^49. */
function product(a: number, high: number, low: number): number {
  // A local first, here and below: a builtin in tail position would end the compiled trace.
  const low32 = (a * low + (((a & 0xffff) * high) << 16)) | 0;
  return low32;
}

/** Lets each bit of `hash` decide about all. */
function mixed(hash: number): number {
  let mix = hash ^ (hash >>> 16);
  mix = product(mix, 0x85eb, 0xca6b);
  mix ^= mix >>> 13;
  mix = product(mix, 0xc2b2, 0xae35);
  mix ^= mix >>> 16;
  // Without its sign, and without a branch: it would be another one every second time.
  return (mix >>> 1) * 2 + (mix & 1);
}

/** Takes in the next four bytes, or what is left of them. */
function withBytes(hash: number, left: number, a: number, b: number, c: number, d: number): number {
  if (left <= 0) {
    return hash;
  }
  let word = a;
  if (left >= 4) {
    word = a | (b << 8) | (c << 16) | (d << 24);
  } else if (left === 3) {
    word = a | (b << 8) | (c << 16);
  } else if (left === 2) {
    word = a | (b << 8);
  }
  word = product(word, 0xcc9e, 0x2d51);
  word = (word << 15) | (word >>> 17);
  let next = hash ^ product(word, 0x1b87, 0x3593);
  if (left >= 4) {
    next = (((next << 13) | (next >>> 19)) * 5 + 0xe6546b64) | 0;
  }
  return next;
}

/**
 * Takes in the first 32 of `left` bytes. The positions are literals because others would need a library call, and there are
 * many because cutting a text makes a new string.
 */
function withPiece(before: number, text: string, left: number): number {
  let hash = before;
  hash = withBytes(hash, left, text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2), text.charCodeAt(3));
  hash = withBytes(hash, left - 4, text.charCodeAt(4), text.charCodeAt(5), text.charCodeAt(6), text.charCodeAt(7));
  hash = withBytes(hash, left - 8, text.charCodeAt(8), text.charCodeAt(9), text.charCodeAt(10), text.charCodeAt(11));
  hash = withBytes(hash, left - 12, text.charCodeAt(12), text.charCodeAt(13), text.charCodeAt(14), text.charCodeAt(15));
  hash = withBytes(hash, left - 16, text.charCodeAt(16), text.charCodeAt(17), text.charCodeAt(18), text.charCodeAt(19));
  hash = withBytes(hash, left - 20, text.charCodeAt(20), text.charCodeAt(21), text.charCodeAt(22), text.charCodeAt(23));
  hash = withBytes(hash, left - 24, text.charCodeAt(24), text.charCodeAt(25), text.charCodeAt(26), text.charCodeAt(27));
  hash = withBytes(hash, left - 28, text.charCodeAt(28), text.charCodeAt(29), text.charCodeAt(30), text.charCodeAt(31));
  return hash;
}

/** MurmurHash3 of the text's bytes; in Node of a text in ASCII, or of bytes read as Latin-1. */
function hashText(text: string): number {
  const length = text.length;
  let hash = withPiece(0, text, length);
  if (length > 32) {
    let rest = text.slice(32);
    hash = withPiece(hash, rest, length - 32);
    // A loop that mostly ends at once would keep LuaJIT from compiling what is around it: it is for long texts only.
    for (let left = length - 64; left > 0; left -= 32) {
      rest = rest.slice(32);
      hash = withPiece(hash, rest, left);
    }
  }
  const mixture = mixed(hash ^ length);
  return mixture;
}

/**
 * Another hash made of one: for different `n` they have nothing to do with each other.
 * @param n a whole number from 0 to 2^18
 */
function mixHash(hash: number, n: number): number {
  const mixture = mixed((hash + n * GOLDEN_STEP) | 0);
  return mixture;
}

export { hashText, mixHash };
