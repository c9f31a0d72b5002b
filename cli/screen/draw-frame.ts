/** From one picture on a terminal to the next, with the fewest codes and never an empty screen in between. */
import { clipLine, lineWidth, paintLine, type Colors, type Line } from "./line.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A line as it goes to the terminal. */
export interface Row {
  readonly text: string;
  /** It reaches the right edge. */
  readonly full: boolean;
}

/** Cuts to the size, and fills up to it with empty rows. */
export function rowsOf(lines: readonly Line[], { columns, rows }: Size, colors: Colors): Row[] {
  return Array.from({ length: rows }, (_, index) => {
    const line = clipLine(lines[index] ?? [], columns);
    return { text: paintLine(line, colors), full: lineWidth(line) >= columns };
  });
}

/** A terminal that knows synchronized output (mode 2026) shows nothing until the end; others ignore it. */
const BEGIN = "\u{1b}[?2026h";
const END = "\u{1b}[?2026l";
const CLEAR = "\u{1b}[H\u{1b}[2J";
const ERASE_REST = "\u{1b}[K";

/** @param previous undefined: what is on the screen is unknown, so all of it is drawn */
export function drawFrame(previous: readonly Row[] | undefined, next: readonly Row[]): string {
  const anew = previous?.length !== next.length;
  const changes = next.flatMap(({ text, full }, index) => {
    if (anew ? text === "" : previous[index]?.text === text) return [];
    // At the right edge the cursor still stands on the last character, which erasing would take.
    return [`\u{1b}[${index + 1};1H${text}${full || anew ? "" : ERASE_REST}`];
  });
  if (changes.length === 0 && !anew) return "";
  return `${BEGIN}${anew ? CLEAR : ""}${changes.join("")}${END}`;
}
