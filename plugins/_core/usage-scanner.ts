/**
 * Finds the model and the token usage in an answer of OpenAI's format while it streams by, as plain JSON or as events
 * (`data: {…}`), in chunks cut anywhere. It keeps at most two short pieces of the answer and never parses the rest.
 *
 * Why a search of plain text is right: inside a JSON string a quote has a backslash before it. So `"usage"` without a
 * backslash before its first quote is a whole string token of that text: what stands before the first quote would
 * else end a string, and a string is not followed by a bare word in JSON. With a colon behind it, it is a name.
 */
import { withoutFirst } from "./byte-cut.ts";

/** What is known of one answer so far. `startUsageScan` makes it. */
interface UsageScan {
  /** The last bytes seen: what stands here is not decided yet. */
  tail: string;
  /** What follows the first quote of the model's name; "" while none was found. */
  model: string;
  modelLeft: number;
  /** The last usage object from its brace on. */
  usage: string;
  usageLeft: number;
}

interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

const MODEL_BYTES = 128;
const USAGE_BYTES = 1024;

/** So many bytes from a name's quote on, and the one before it, decide what it is. */
const AHEAD = 31;
const USAGE = '"usage"';
const MODEL = '"model"';
const NAME_BYTES = 7;
const BLANKS = "                               ";

const BACKSLASH = 92;
const QUOTE = 34;
const COLON = 58;
const BRACE = 123;

function startUsageScan(): UsageScan {
  return { tail: " ", model: "", modelLeft: 0, usage: "", usageLeft: 0 };
}

function isBlank(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

/** How many bytes stand between a name and its value, given what follows the name's quote; -1 when no value follows. */
function bytesToValue(following: string): number {
  let rest = following.slice(0, 22);
  let skipped = 0;
  let colon = false;
  while (rest !== "") {
    const byte = rest.charCodeAt(0);
    if (byte === COLON && !colon) {
      colon = true;
    } else if (!isBlank(byte)) {
      return colon ? skipped : -1;
    }
    skipped += 1;
    rest = rest.slice(1);
  }
  return -1;
}

/** From the value on of the name that stands at `at`; "" where it is no name. */
function valueAt(text: string, at: number): string {
  const around = withoutFirst(text, at - 1);
  if (around.charCodeAt(0) === BACKSLASH) {
    return "";
  }
  const skipped = bytesToValue(around.slice(8));
  return skipped < 0 ? "" : withoutFirst(around, 1 + NAME_BYTES + skipped);
}

function findModel(scan: UsageScan, text: string): void {
  let at = text.indexOf(MODEL, 1);
  while (at >= 0 && at + AHEAD <= text.length) {
    const value = valueAt(text, at);
    // Some answer a first event with an empty name.
    if (value.charCodeAt(0) === QUOTE && value.charCodeAt(1) !== QUOTE) {
      scan.model = value.slice(1, 129);
      scan.modelLeft = MODEL_BYTES - scan.model.length;
      return;
    }
    at = text.indexOf(MODEL, at + NAME_BYTES - 1);
  }
}

/**
 * Where the name stands the next time without a null behind it; -1 where it does not. All events of a stream but the last
 * one say null: that is told without cutting anything.
 */
function nextUsage(text: string, from: number): number {
  let at = text.indexOf(USAGE, from);
  while (at >= 0 && text.indexOf('"usage":null', at) === at) {
    at = text.indexOf(USAGE, at + NAME_BYTES - 1);
  }
  return at;
}

function findUsage(scan: UsageScan, text: string): void {
  let at = nextUsage(text, 1);
  while (at >= 0 && at + AHEAD <= text.length) {
    const value = valueAt(text, at);
    if (value.charCodeAt(0) === BRACE) {
      scan.usage = value.slice(0, 1024);
      scan.usageLeft = USAGE_BYTES - scan.usage.length;
    }
    at = nextUsage(text, at + NAME_BYTES - 1);
  }
}

/** The pieces that the chunk before did not complete. */
function goOn(scan: UsageScan, chunk: string): void {
  if (scan.usageLeft > 0) {
    scan.usage = (scan.usage + chunk.slice(0, 1024)).slice(0, 1024);
    scan.usageLeft = USAGE_BYTES - scan.usage.length;
  }
  if (scan.modelLeft > 0) {
    scan.model = (scan.model + chunk.slice(0, 128)).slice(0, 128);
    scan.modelLeft = MODEL_BYTES - scan.model.length;
  }
}

/** Takes the next bytes of the answer, in chunks cut anywhere: the outcome does not depend on where. */
function scanChunk(scan: UsageScan, chunk: string): void {
  goOn(scan, chunk);
  const seam = scan.tail + chunk.slice(0, 31);
  const wantsModel = scan.model === "";
  const isCut = nextUsage(seam, 1) >= 0 || (wantsModel && seam.indexOf(MODEL, 1) >= 0);
  const text = isCut ? scan.tail + chunk : chunk;
  if (wantsModel) {
    findModel(scan, text);
  }
  findUsage(scan, text);
  scan.tail = chunk.length >= 31 ? chunk.slice(-31) : seam.slice(-31);
}

/** Where a name is followed by a whole number that ends; undefined elsewhere. */
function countOf(usage: string, name: string): number | undefined {
  const at = usage.indexOf(name);
  if (at < 0) {
    return undefined;
  }
  const following = withoutFirst(usage, at + name.length);
  const skipped = bytesToValue(following);
  let rest = skipped < 0 ? "" : withoutFirst(following, skipped).slice(0, 16);
  let count: number | undefined;
  while (rest !== "") {
    const byte = rest.charCodeAt(0);
    if (byte < 48 || byte > 57) {
      return count;
    }
    count = (count ?? 0) * 10 + (byte - 48);
    rest = rest.slice(1);
  }
  return undefined;
}

/**
 * The answer has ended: what it said it used, as chat completions (`prompt_tokens`) or as responses (`input_tokens`) name
 * it. Undefined when it said nothing.
 */
function usageOf(scan: UsageScan): TokenUsage | undefined {
  scanChunk(scan, BLANKS);
  const prompt = countOf(scan.usage, '"prompt_tokens"') ?? countOf(scan.usage, '"input_tokens"');
  const completion = countOf(scan.usage, '"completion_tokens"') ?? countOf(scan.usage, '"output_tokens"');
  if (prompt === undefined && completion === undefined) {
    return undefined;
  }
  return { promptTokens: prompt ?? 0, completionTokens: completion ?? 0 };
}

/** The model's name as the answer spells it, with JSON's escapes; "" when it has none, or one too long to end. */
function modelOf(scan: UsageScan): string {
  let name = "";
  let rest = scan.model;
  while (rest !== "") {
    const byte = rest.charCodeAt(0);
    if (byte === QUOTE) {
      return name;
    }
    name += byte === BACKSLASH ? rest.slice(0, 2) : rest.slice(0, 1);
    rest = byte === BACKSLASH ? rest.slice(2) : rest.slice(1);
  }
  return "";
}

export { modelOf, scanChunk, startUsageScan, usageOf };
export type { TokenUsage, UsageScan };
