/**
 * Text in memory that all workers share, longer than one entry may well be.
 *
 * Of the kinds of ADR 0003 a cell: the worker that discovers writes it, the others read. It writes the text in chunks, each marked
 * with the version, and which version is to be read last; and in turn to one of two banks, so that readers still find the text
 * before this one whole. A reader that finds a chunk of another version gives up, and has it the next time.
 */
import { integerText, parseDigits } from "../../_core/text.ts";
import type { Store } from "../../_kit/ports.ts";

/** With its mark, its key and what the memory itself needs an entry stays below 64 KiB. */
const CHUNK_BYTES = 61440;

/** Marks are as long as these: what is added to them leaves the number of digits as it is. */
const LEAST_VERSION_MARK = 1e13;
const LEAST_COUNT_MARK = 1e5;

export interface Published {
  /** Another one each time; they need not rise by one. */
  readonly version: number;
  readonly text: string;
}

function chunkKey(name: string, version: number, chunk: number): string {
  const bank = version - 2 * Math.floor(version / 2);
  return `${name}:${integerText(bank)}:${integerText(chunk)}`;
}

/** 20 digits in front of each chunk: the version, and how many chunks there are. */
function markOf(version: number, count: number): string {
  return integerText(LEAST_VERSION_MARK + version) + integerText(LEAST_COUNT_MARK + count);
}

/** Writes `text` where the chunks of `version` lie; whatever lay behind them goes away. */
function writeChunks(store: Store, name: string, version: number, text: string): boolean {
  const count = Math.max(1, Math.ceil(text.length / CHUNK_BYTES));
  const mark = markOf(version, count);
  let rest = text;
  for (let chunk = 0; chunk < count; chunk++) {
    if (!store.set(chunkKey(name, version, chunk), mark + rest.slice(0, 61440))) {
      return false;
    }
    rest = rest.slice(61440);
  }
  let left = count;
  while (store.get(chunkKey(name, version, left)) !== undefined) {
    store.remove(chunkKey(name, version, left));
    left += 1;
  }
  return true;
}

/** The version that is there under `name`; 0 when there is none. Cheap: for a look four times a second. */
export function publishedVersion(store: Store, name: string): number {
  const value = store.get(`${name}:version`);
  return typeof value === "number" ? value : 0;
}

/**
 * Puts `text` in place of what is there under `name`. Should there be two writers for a moment, the one who later finds another
 * version there than its own, or a text that cannot be read, publishes again.
 * @returns the version; undefined when there is no memory for it
 */
export function publish(store: Store, name: string, text: string): number | undefined {
  const version = store.incr(`${name}:count`, 1, 0, 0);
  if (version === undefined || !writeChunks(store, name, version, text)) {
    return undefined;
  }
  return store.set(`${name}:version`, version) ? version : undefined;
}

/**
 * What is there under `name`.
 * @param sinceVersion the version that was read last; 0: none
 * @returns undefined when it is that version still, or cannot be read at this moment
 */
export function readPublished(store: Store, name: string, sinceVersion: number): Published | undefined {
  const version = publishedVersion(store, name);
  if (version === 0 || version === sinceVersion) {
    return undefined;
  }
  const parts: string[] = [];
  let count = 1;
  while (parts.length < count) {
    const value = store.get(chunkKey(name, version, parts.length));
    if (typeof value !== "string") {
      return undefined;
    }
    if (parts.length === 0) {
      count = parseDigits(value.slice(15, 20)) ?? 1;
    }
    if (value.slice(0, 20) !== markOf(version, count)) {
      return undefined;
    }
    parts.push(value.slice(20));
  }
  return { version, text: parts.join("") };
}
