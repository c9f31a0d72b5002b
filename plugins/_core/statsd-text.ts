import { firstBytes, withoutFirst } from "./byte-cut.ts";

/** A label and its value. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** Takes `,model="gpt-4o",tenant="a\"b"` apart: the text that endpoint-metrics makes of its labels. */
export function labelPairs(extra: string): readonly Pair[] {
  const pairs: Pair[] = [];
  let rest = extra;
  while (rest !== "") {
    const equals = rest.indexOf('="');
    const name = firstBytes(rest, equals).slice(1);
    rest = withoutFirst(rest, equals + 2);
    let value = "";
    while (rest !== "" && rest.slice(0, 1) !== '"') {
      const escaped = rest.slice(0, 1) === "\\";
      value += escaped ? rest.slice(1, 2) : rest.slice(0, 1);
      rest = escaped ? rest.slice(2) : rest.slice(1);
    }
    rest = rest.slice(1);
    pairs.push({ name, value });
  }
  return pairs;
}

function isWordByte(code: number): boolean {
  // Digits, capitals, small letters, _ and -.
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isLetter || (code >= 48 && code <= 57) || code === 95 || code === 45;
}

function isTagByte(code: number): boolean {
  // No control characters and spaces; and none of # , : | which mean something.
  return code > 32 && code !== 127 && code !== 35 && code !== 44 && code !== 58 && code !== 124;
}

function replaced(text: string, stays: (this: void, code: number) => boolean): string {
  let clean = "";
  let rest = text;
  while (rest !== "") {
    clean += stays(rest.charCodeAt(0)) ? rest.slice(0, 1) : "_";
    rest = rest.slice(1);
  }
  return clean;
}

/** One part of a name between dots: what StatsD does not know is `_`; nothing is `none`. */
export function segmentText(value: string): string {
  return value === "" ? "none" : replaced(value, isWordByte);
}

/** A tag's value for DogStatsD. */
export function tagText(value: string): string {
  return replaced(value, isTagByte);
}
