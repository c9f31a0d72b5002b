import { parseDigits } from "../text.ts";

/**
 * What a peer's agent asks for, in one line of words: `75% up maxconn:30`. What a line does not mention stays as it is.
 * Source: HAProxy, doc/configuration.txt, `agent-check`.
 */
interface AgentWords {
  /** `75%`: the share of its own weight, 0 or more. 0: no new requests, as with `drain`. */
  readonly share: number | undefined;
  /** `drain`: no new requests. False with `ready` and `maint`, which end it. */
  readonly draining: boolean | undefined;
  /** `down`, `stopped`, `fail`, `maint`. False with `up` and `ready` where no other word says so. */
  readonly down: boolean | undefined;
  /** `up`, without `maint`: it is to be taken for healthy at once. */
  readonly up: boolean | undefined;
  /** `maxconn:30`: so many connections at once. */
  readonly maxConnections: number | undefined;
}

type Mode = "ready" | "drain" | "maint";

/** The last word of each kind. */
interface Words {
  mode: Mode | undefined;
  isUp: boolean | undefined;
  share: number | undefined;
  maxConnections: number | undefined;
}

function note(words: Words, word: string): void {
  if (word === "ready" || word === "drain" || word === "maint") {
    words.mode = word;
  } else if (word === "up") {
    words.isUp = true;
  } else if (word === "down" || word === "stopped" || word === "fail") {
    words.isUp = false;
  } else if (word.slice(0, 8) === "maxconn:") {
    words.maxConnections = parseDigits(word.slice(8)) ?? words.maxConnections;
  } else if (word.slice(-1) === "%") {
    const percent = parseDigits(word.slice(0, -1));
    words.share = percent === undefined ? words.share : percent / 100;
  }
}

function isDelimiter(character: string): boolean {
  return character === " " || character === "\t" || character === ",";
}

/** What ends the words: the line's end, or the reason that may follow a state (`down#disk full`). */
function isEnd(character: string): boolean {
  return character === "" || character === "\r" || character === "\n" || character === "#";
}

function readWords(line: string): Words {
  const words: Words = { mode: undefined, isUp: undefined, share: undefined, maxConnections: undefined };
  // Nothing that is longer comes from an agent.
  let rest = line.slice(0, 255).toLowerCase();
  let word = "";
  let character = rest.slice(0, 1);
  while (!isEnd(character)) {
    if (isDelimiter(character)) {
      note(words, word);
      word = "";
    } else {
      word += character;
    }
    rest = rest.slice(1);
    character = rest.slice(0, 1);
  }
  note(words, word);
  return words;
}

function isDown({ mode, isUp }: Words): boolean | undefined {
  if (mode === "maint" || isUp === false) {
    return true;
  }
  return mode === "ready" || isUp === true ? false : undefined;
}

/**
 * Reads a line: words between blanks, tabs or commas, in any case. Of several of a kind the last one counts; unknown words are
 * passed over.
 */
function parseAgentWords(line: string): AgentWords {
  const words = readWords(line);
  const { mode, isUp, share, maxConnections } = words;
  return {
    share,
    draining: mode === undefined ? undefined : mode === "drain",
    down: isDown(words),
    up: isUp === true && mode !== "maint" ? true : undefined,
    maxConnections,
  };
}

export { parseAgentWords };
export type { AgentWords };
