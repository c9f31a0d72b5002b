/** Names in DNS messages (RFC 1035, 3.1 and 4.1.4), as text in small letters without the dot at the end. */
import type { ByteCursor } from "./byte-cursor.ts";
import { integerText } from "./text.ts";

/** With the length of each label and the empty one at the end (RFC 1035, 2.3.4). */
const MOST_BYTES = 255;
const MOST_LABEL_BYTES = 63;
/** A byte from here up begins a pointer to a name that stood before. */
const POINTER = 192;
/** A name of 255 bytes has at most 127 labels, and no more reasons to jump. */
const MOST_JUMPS = 127;

const DOT = 46;

/** Letters, digits, `-` and `_`: what names of hosts and services have. */
function isPlain(code: number): boolean {
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isLetter || (code >= 48 && code <= 57) || code === 45 || code === 95;
}

/** Capitals are small letters' equals. Anything odd is written as `\DDD` (RFC 1035, 5.1), so that no dot hides in a label. */
function characterText(code: number): string {
  if (!isPlain(code)) {
    return `\\${integerText(1000 + code).slice(1)}`;
  }
  const small = code >= 65 && code <= 90 ? code + 32 : code;
  return String.fromCharCode(small);
}

function labelText(bytes: readonly number[], from: number, length: number): string {
  let text = "";
  for (let at = from; at < from + length; at++) {
    text += characterText(bytes[at] ?? 0);
  }
  return text;
}

/**
 * Reads a name and leaves the cursor behind it. How often it may jump bounds what a message can make a reader do, whether or
 * not its pointers lead round in a circle.
 * @returns "" for the root, and when the cursor is broken
 */
function readName(cursor: ByteCursor): string {
  const { bytes } = cursor;
  let name = "";
  let total = 1;
  let jumps = 0;
  let at = cursor.at;
  let length = bytes[at];
  while (length !== undefined) {
    if (length === 0) {
      cursor.at = jumps === 0 ? at + 1 : cursor.at;
      return name;
    }
    if (length >= POINTER) {
      cursor.at = jumps === 0 ? at + 2 : cursor.at;
      jumps += 1;
      at = (length - POINTER) * 256 + (bytes[at + 1] ?? 0);
    } else {
      total += length + 1;
      const label = labelText(bytes, at + 1, length);
      name = name === "" ? label : `${name}.${label}`;
      at += length + 1;
    }
    const isKnown = length <= MOST_LABEL_BYTES || length >= POINTER;
    if (!isKnown || total > MOST_BYTES || jumps > MOST_JUMPS) {
      break;
    }
    length = bytes[at];
  }
  cursor.broken = true;
  return "";
}

/** A name to ask for as it is compared with answers: small letters, no dot at the end. */
function plainName(name: string): string {
  const small = name.toLowerCase();
  return small.slice(-1) === "." ? small.slice(0, -1) : small;
}

/** The bytes of a plain name; undefined when it is none: an empty or too long label, or a character that hosts do not have. */
function nameBytes(name: string): number[] | undefined {
  const bytes: number[] = [];
  let label: number[] = [];
  let rest = `${name}.`;
  while (rest !== "") {
    const code = rest.charCodeAt(0);
    rest = rest.slice(1);
    if (code !== DOT) {
      if (!isPlain(code)) {
        return undefined;
      }
      label.push(code);
    } else if (label.length === 0 || label.length > MOST_LABEL_BYTES) {
      return undefined;
    } else {
      bytes.push(label.length);
      for (const each of label) {
        bytes.push(each);
      }
      label = [];
    }
  }
  bytes.push(0);
  return bytes.length > MOST_BYTES ? undefined : bytes;
}

export { nameBytes, plainName, readName };
