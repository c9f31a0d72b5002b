import { firstField, integerText, otherFields, parseDigits, plainField } from "./text.ts";

/**
 * What a breaker's state key holds. A number means closed: `generation * 2^26 + epoch`; a text means anything
 * else: `kind|generation|attempt|since|until|reason` with times in milliseconds. `incr` on the key therefore
 * moves a closed breaker to its next epoch and fails on any other. Half-open is not stored: an open breaker
 * whose time is up is half-open.
 */
interface BreakerState {
  readonly kind: Kind;
  /** Counts the transitions, from 0. */
  readonly generation: number;
  /** Closed: counts the counters of a count window within the generation. */
  readonly epoch: number;
  /** Open: how many times in a row it has opened, from 1. */
  readonly attempt: number;
  readonly sinceSeconds: number;
  /** Open: when it becomes half-open. Forced: when the override ends. */
  readonly untilSeconds: number;
  readonly reason: string;
}

type Kind = "closed" | "open" | "forced_open" | "forced_closed";

/** 2^26 epochs a generation and 2^27 generations fit a double; one epoch too many is one generation more. */
const EPOCHS = 67108864;

/** How far workers' clocks may lie apart: each reads the time once a turn of its event loop. */
const CLOCK_SLACK_SECONDS = 5;

function closedValue(generation: number): number {
  return generation * EPOCHS;
}

function milliseconds(seconds: number): string {
  return integerText(Math.floor(seconds * 1000 + 0.5));
}

/** @param kind open, forced_open or forced_closed */
function stateText(
  kind: Kind,
  generation: number,
  attempt: number,
  sinceSeconds: number,
  untilSeconds: number,
  reason: string,
): string {
  const counts = `${integerText(generation)}|${integerText(attempt)}`;
  return `${kind}|${counts}|${milliseconds(sinceSeconds)}|${milliseconds(untilSeconds)}|${plainField(reason)}`;
}

function kindOf(word: string): Kind | undefined {
  if (word === "open" || word === "forced_open" || word === "forced_closed") {
    return word;
  }
  return undefined;
}

function parseText(text: string): BreakerState | undefined {
  const kind = kindOf(firstField(text));
  let rest = otherFields(text);
  const generation = parseDigits(firstField(rest));
  rest = otherFields(rest);
  const attempt = parseDigits(firstField(rest));
  rest = otherFields(rest);
  const since = parseDigits(firstField(rest));
  rest = otherFields(rest);
  const until = parseDigits(firstField(rest));
  if (
    kind === undefined ||
    generation === undefined ||
    attempt === undefined ||
    since === undefined ||
    until === undefined
  ) {
    return undefined;
  }
  return {
    kind,
    generation,
    epoch: 0,
    attempt,
    sinceSeconds: since / 1000,
    untilSeconds: until / 1000,
    reason: otherFields(rest),
  };
}

/** Reads a state key's value; undefined when it is none of ours (absent, or written by something else). */
function parseState(raw: string | number | boolean | undefined): BreakerState | undefined {
  if (typeof raw === "string") {
    return parseText(raw);
  }
  if (typeof raw !== "number" || raw < 0) {
    return undefined;
  }
  const generation = Math.floor(raw / EPOCHS);
  return {
    kind: "closed",
    generation,
    epoch: raw - generation * EPOCHS,
    attempt: 0,
    sinceSeconds: 0,
    untilSeconds: 0,
    reason: "",
  };
}

/**
 * Whether an open breaker's time is up. A clock that stands well before the opening was set back: then it is
 * up too, or the breaker would stay open for as long as the clock was set back.
 */
function openEnded(nowSeconds: number, sinceSeconds: number, untilSeconds: number): boolean {
  return nowSeconds >= untilSeconds || nowSeconds < sinceSeconds - CLOCK_SLACK_SECONDS;
}

export { CLOCK_SLACK_SECONDS, closedValue, openEnded, parseState, stateText };
export type { BreakerState, Kind };
