/** Reads an answer in pieces of its own measure, whatever pieces it comes in, and never keeps more than it was asked for. */

/** The next bytes, or why there are none: "closed", "timeout", … */
export type Receive = (this: void) => LuaMultiReturn<[string | undefined, string | undefined]>;

/** @noSelf */
export interface ByteReader {
  /**
   * The next line without its end, which is CR LF or LF.
   * @returns undefined when there is none within `maxBytes`: `problem` says why
   */
  line(maxBytes: number): string | undefined;
  /** What comes next: at least one byte, at most `maxBytes`. @returns undefined when nothing comes: `problem` says why */
  some(maxBytes: number): string | undefined;
  /** What came and was not read; nothing is left then. */
  rest(): string;
  /** False while nothing ever came. */
  hasReceived(): boolean;
  /** What kept the last call from giving anything. */
  problem(): string;
}

export function byteReader(receive: Receive): ByteReader {
  let ahead = "";
  let hasReceived = false;
  let problem = "";

  /** False when nothing more comes. */
  function pull(): boolean {
    const [bytes, failure] = receive();
    if (bytes === undefined) {
      problem = failure ?? "closed";
      return false;
    }
    hasReceived = true;
    ahead += bytes;
    return true;
  }

  function take(length: number): string {
    const taken = string.sub(ahead, 1, length);
    ahead = string.sub(ahead, length + 1);
    return taken;
  }

  return {
    line: (maxBytes) => {
      let searched = 0;
      for (;;) {
        const end = ahead.indexOf("\n", searched);
        if (end >= 0 && end < maxBytes) {
          const line = take(end);
          ahead = ahead.slice(1);
          return line.slice(-1) === "\r" ? line.slice(0, -1) : line;
        }
        searched = ahead.length;
        if (searched >= maxBytes) {
          problem = "malformed answer: a line that is too long";
          return undefined;
        }
        if (!pull()) {
          return undefined;
        }
      }
    },
    some: (maxBytes) => (ahead !== "" || pull() ? take(maxBytes) : undefined),
    rest: () => take(ahead.length),
    hasReceived: () => hasReceived,
    problem: () => problem,
  };
}
