import { clipLine, clipText, span, textWidth, type Line, type Span } from "./line.ts";

export interface Column {
  readonly title: string;
  readonly right?: boolean;
  /** May be cut with an ellipsis, down to so many columns of the terminal. */
  readonly least?: number;
  /** Left out where there is no room, the highest first; absent: it stays. */
  readonly spare?: number;
}

const GAP = 2;

/**
 * Rows below a line of titles, the first one strong: it is the name of the table. A column without any content is left
 * out, so what a gateway does not tell takes no room.
 * @param width columns of the terminal; Infinity: nothing is cut
 */
export function table(columns: readonly Column[], rows: readonly Line[], width: number): Line[] {
  const natural = columns.map(({ title }, index) => {
    return Math.max(textWidth(title), ...rows.map((row) => textWidth(row[index]?.text ?? "")));
  });
  const filled = columns
    .map((_, index) => index)
    .filter((index) => {
      return index === 0 || rows.some((row) => (row[index]?.text ?? "") !== "");
    });
  const shown = dropSpare(filled, columns, natural, width);
  const widths = shrink(shown, columns, natural, width);
  const titles = columns.map(({ title }, index) => span(title, index === 0 ? "strong" : "faint"));
  return [titles, ...rows].map((row) => trimmed(clipLine(arrange(row, shown, columns, widths), width)));
}

/** The least the column can be shown with. */
function least(column: Column | undefined, natural: number): number {
  return Math.min(natural, column?.least ?? natural);
}

function dropSpare(
  shown: readonly number[],
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): number[] {
  let kept = [...shown];
  for (;;) {
    const needed = kept.reduce((sum, index) => sum + least(columns[index], natural[index] ?? 0) + GAP, -GAP);
    if (needed <= width) return kept;
    const spare = kept.filter((index) => columns[index]?.spare !== undefined);
    const [first] = spare.sort((a, b) => (columns[b]?.spare ?? 0) - (columns[a]?.spare ?? 0));
    if (first === undefined) return kept;
    kept = kept.filter((index) => index !== first);
  }
}

/** Takes what is missing from the widest of those that may shrink, one column at a time. */
function shrink(
  shown: readonly number[],
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): number[] {
  const widths = [...natural];
  const at = (index: number): number => widths[index] ?? 0;
  let excess = shown.reduce((sum, index) => sum + at(index) + GAP, -GAP) - width;
  while (excess > 0 && Number.isFinite(excess)) {
    const able = shown.filter((index) => at(index) > least(columns[index], natural[index] ?? 0));
    if (able.length === 0) break;
    const widest = able.reduce((a, b) => (at(b) > at(a) ? b : a));
    widths[widest] = at(widest) - 1;
    excess -= 1;
  }
  return widths;
}

/** Without spaces at the end, which a narrow terminal would wrap. */
function trimmed(line: Line): Line {
  const end = line.findLastIndex(({ text }) => text.trim() !== "");
  return line.slice(0, end + 1);
}

function arrange(row: Line, shown: readonly number[], columns: readonly Column[], widths: readonly number[]): Line {
  const line: Span[] = [];
  for (const [position, index] of shown.entries()) {
    const width = widths[index] ?? 0;
    const cell = row[index] ?? span("");
    const text = clipText(cell.text, width);
    const padding = " ".repeat(width - textWidth(text));
    const right = columns[index]?.right === true;
    const last = position === shown.length - 1;
    if (position > 0) line.push(span(" ".repeat(GAP)));
    if (right && padding !== "") line.push(span(padding));
    if (text !== "") line.push(span(text, cell.tone));
    if (!right && !last && padding !== "") line.push(span(padding));
  }
  return line;
}
