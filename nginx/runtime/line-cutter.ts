/** Cuts a body that comes in pieces into lines. */

/** @noSelf */
export interface LineCutter {
  /** Calls `onLine` with each line that `piece` ends. @returns false when it said false, or a line was too long */
  feed(piece: string): boolean;
  /** The same with what follows the last line's end, when there is something. */
  finish(): boolean;
  /** Undefined while no line was too long. */
  problem(): string | undefined;
}

/** @param maxBytes of a line, without its end */
export function lineCutter(maxBytes: number, onLine: (line: string) => boolean): LineCutter {
  let parts: string[] = [];
  let bytes = 0;
  let problem: string | undefined;

  function keep(part: string): boolean {
    parts.push(part);
    bytes += part.length;
    if (bytes > maxBytes) {
      problem = `a line of more than ${string.format("%d", maxBytes)} bytes`;
      return false;
    }
    return true;
  }

  function tell(): boolean {
    const line = table.concat(parts);
    parts = [];
    bytes = 0;
    return onLine(line.slice(-1) === "\r" ? line.slice(0, -1) : line);
  }

  return {
    feed: (piece) => {
      let from = 0;
      let end = piece.indexOf("\n");
      while (end >= 0) {
        if (!keep(string.sub(piece, from + 1, end)) || !tell()) {
          return false;
        }
        from = end + 1;
        end = piece.indexOf("\n", from);
      }
      return keep(string.sub(piece, from + 1));
    },
    finish: () => bytes === 0 || tell(),
    problem: () => problem,
  };
}
