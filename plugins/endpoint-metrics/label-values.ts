import { cleanText, escapedLabel } from "../_core/label-text.ts";

/** What is not told apart. */
export const OTHER = "other";

/** A value of more bytes than `max_length` may have is cut before anything is kept of it. */
const LONGEST = 256;

/**
 * The values of one label: from what came in to the text of the label, with a comma before it. A value that was met before
 * costs one read of a table.
 * @noSelf
 */
export interface LabelValues {
  fragment(raw: string | undefined): string;
  /** Forgets the values that were not met since the last turn. */
  turn(): void;
}

export function labelFragment(name: string, value: string, maxBytes: number): string {
  return `,${name}="${escapedLabel(cleanText(value, maxBytes))}"`;
}

/** All values up to a number; once so many are known, a new one is `other`. */
export function cappedValues(name: string, maxBytes: number, maxValues: number): LabelValues {
  const missing = labelFragment(name, "", 0);
  const other = labelFragment(name, OTHER, LONGEST);
  let young: Record<string, string | undefined> = {};
  let old: Record<string, string | undefined> = {};
  // Of both together, and of the young ones.
  let count = 0;
  let youngCount = 0;

  function find(key: string): string {
    const known = old[key];
    if (known === undefined && count >= maxValues) {
      return other;
    }
    const fragment = known ?? labelFragment(name, key, maxBytes);
    if (known === undefined) {
      count += 1;
    }
    old[key] = undefined;
    young[key] = fragment;
    youngCount += 1;
    return fragment;
  }

  return {
    fragment: (raw) => {
      if (raw === undefined || raw === "") {
        return missing;
      }
      const key = raw.length > LONGEST ? raw.slice(0, 260) : raw;
      const known = young[key];
      return known ?? find(key);
    },
    turn: () => {
      old = young;
      young = {};
      count = youngCount;
      youngCount = 0;
    },
  };
}

/** The values of an allow-list; every other one is `other`. */
export function allowedValues(name: string, allowed: readonly string[]): LabelValues {
  const missing = labelFragment(name, "", 0);
  const other = labelFragment(name, OTHER, LONGEST);
  const fragments: Record<string, string | undefined> = {};
  for (const value of allowed) {
    fragments[value] = labelFragment(name, value, LONGEST);
  }
  return {
    fragment: (raw) => (raw === undefined || raw === "" ? missing : (fragments[raw] ?? other)),
    turn: () => undefined,
  };
}
