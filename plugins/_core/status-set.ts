import { parseDigits } from "./text.ts";

/** A range of HTTP statuses, both ends included. */
interface StatusRange {
  readonly first: number;
  readonly last: number;
}

/** Statuses are three digits; 0 to 99 are never used, and stand for "no answer" in places. */
const HIGHEST_STATUS = 999;

/** Reads `"503"` or `"500-599"`; undefined when it is neither, or runs backwards. */
function parseStatusRange(text: string): StatusRange | undefined {
  const dash = text.indexOf("-");
  if (dash === -1) {
    const status = parseDigits(text);
    return text.length === 3 && status !== undefined ? { first: status, last: status } : undefined;
  }
  if (dash !== 3 || text.length !== 7) {
    return undefined;
  }
  const first = parseDigits(text.slice(0, 3));
  const last = parseDigits(text.slice(4));
  if (first === undefined || last === undefined || first > last) {
    return undefined;
  }
  return { first, last };
}

/** A table from status (0 to 999) to whether one of the ranges holds it. Texts that are no range hold nothing. */
function statusSet(ranges: readonly string[]): boolean[] {
  const set: boolean[] = [];
  for (let status = 0; status <= HIGHEST_STATUS; status++) {
    set[status] = false;
  }
  for (const text of ranges) {
    const range = parseStatusRange(text);
    if (range !== undefined) {
      for (let status = range.first; status <= range.last; status++) {
        set[status] = true;
      }
    }
  }
  return set;
}

export { parseStatusRange, statusSet };
export type { StatusRange };
