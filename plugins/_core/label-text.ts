/** Text from outside as the value of a label: valid UTF-8 without control characters, no longer than it may be. */

/** Longer values are never wanted (`max_length` in the configuration of endpoint-metrics). */
const MOST_BYTES = 256;

const REPLACEMENT = "?";

function isTail(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf;
}

/** Two bytes; C0 and C1 would be longer than need be, and C2 80 to C2 9F are control characters. */
function isPair(first: number, second: number): boolean {
  return first >= 0xc2 && first <= 0xdf && isTail(second) && (first > 0xc2 || second >= 0xa0);
}

/** Three bytes: neither longer than need be nor half of a UTF-16 pair. */
function isTriple(first: number, second: number, third: number): boolean {
  if (first < 0xe0 || first > 0xef || !isTail(second) || !isTail(third)) {
    return false;
  }
  return first === 0xe0 ? second >= 0xa0 : first !== 0xed || second <= 0x9f;
}

/** Four bytes: neither longer than need be nor above U+10FFFF. */
function isQuad(first: number, second: number, third: number, fourth: number): boolean {
  if (first < 0xf0 || first > 0xf4 || !isTail(second) || !isTail(third) || !isTail(fourth)) {
    return false;
  }
  return first === 0xf0 ? second >= 0x90 : first !== 0xf4 || second <= 0x8f;
}

/**
 * How many bytes the character at the head of `text` has; 0 where there is none that may stay: bytes that are not UTF-8
 * (RFC 3629) and control characters.
 */
function characterBytes(text: string): number {
  const first = text.charCodeAt(0);
  if (first < 0x80) {
    return first < 0x20 || first === 0x7f ? 0 : 1;
  }
  const second = text.charCodeAt(1);
  if (isPair(first, second)) {
    return 2;
  }
  const third = text.charCodeAt(2);
  if (isTriple(first, second, third)) {
    return 3;
  }
  return isQuad(first, second, third, text.charCodeAt(3)) ? 4 : 0;
}

function head(text: string, bytes: number): string {
  if (bytes === 1) {
    return text.slice(0, 1);
  }
  if (bytes === 2) {
    return text.slice(0, 2);
  }
  return bytes === 3 ? text.slice(0, 3) : text.slice(0, 4);
}

function tail(text: string, bytes: number): string {
  if (bytes <= 1) {
    return text.slice(1);
  }
  if (bytes === 2) {
    return text.slice(2);
  }
  return bytes === 3 ? text.slice(3) : text.slice(4);
}

/**
 * `raw` as valid UTF-8 of at most `maxBytes` bytes (up to 256), cut between two characters. Each byte that cannot stay
 * becomes a question mark.
 */
function cleanText(raw: string, maxBytes: number): string {
  let clean = "";
  let rest = raw.slice(0, 260);
  let left = maxBytes < MOST_BYTES ? maxBytes : MOST_BYTES;
  while (rest !== "") {
    const bytes = characterBytes(rest);
    left -= bytes > 0 ? bytes : 1;
    if (left < 0) {
      return clean;
    }
    clean += bytes > 0 ? head(rest, bytes) : REPLACEMENT;
    rest = tail(rest, bytes);
  }
  return clean;
}

/** Text as it stands between the quotes of a label in Prometheus' text format. */
function escapedLabel(text: string): string {
  let escaped = "";
  let rest = text;
  while (rest !== "") {
    const first = rest.slice(0, 1);
    if (first === "\\" || first === '"') {
      escaped += "\\";
    }
    escaped += first === "\n" ? "\\n" : first;
    rest = rest.slice(1);
  }
  return escaped;
}

export { cleanText, escapedLabel };
