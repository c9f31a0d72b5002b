/**
 * Joins lines to datagrams.
 * @noSelf
 */
export interface Batch {
  /** A line without its newline; one that fits in no datagram is dropped. */
  add(line: string): void;
  /** Hands over what is left. */
  end(): void;
}

/** @param hand takes each datagram of at most `mtuBytes`; what is dropped is told by an undefined one */
export function newBatch(mtuBytes: number, hand: (this: void, payload: string | undefined) => void): Batch {
  let lines: string[] = [];
  let bytes = 0;

  function end(): void {
    if (lines.length > 0) {
      hand(lines.join("\n"));
      lines = [];
      bytes = 0;
    }
  }

  return {
    add: (line) => {
      if (line.length > mtuBytes) {
        hand(undefined);
        return;
      }
      if (lines.length > 0 && bytes + 1 + line.length > mtuBytes) {
        end();
      }
      bytes += line.length + (lines.length > 0 ? 1 : 0);
      lines.push(line);
    },
    end,
  };
}
