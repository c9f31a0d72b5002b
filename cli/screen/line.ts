/** Text for a terminal: pieces with a tone each, so that it can be cut to a width before colors are added. */
import type pc from "picocolors";

export type Colors = ReturnType<typeof pc.createColors>;

/** What a piece of text means; how that looks is up to `paintLine`. */
export type Tone = "plain" | "strong" | "faint" | "good" | "warn" | "bad";

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

export type Line = readonly Span[];

export const span = (text: string, tone: Tone = "plain"): Span => ({ text, tone });

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\uff01-\uff60]/u;
const ASCII = /^[\x20-\x7e]*$/;

const cellWidth = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : 1);

/** How many columns of a terminal the text takes. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += cellWidth(segment);
  return width;
}

export function lineWidth(line: Line): number {
  return line.reduce((width, { text }) => width + textWidth(text), 0);
}

/** Cuts to at most `width` columns; an ellipsis shows where. */
export function clipText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return "";
  let kept = "";
  let room = width - 1;
  for (const { segment } of graphemes.segment(text)) {
    room -= cellWidth(segment);
    if (room < 0) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** Cuts to at most `width` columns. */
export function clipLine(line: Line, width: number): Line {
  const kept: Span[] = [];
  let room = width;
  for (const { text, tone } of line) {
    if (room <= 0) break;
    const clipped = clipText(text, room);
    kept.push({ text: clipped, tone });
    if (clipped !== text) break;
    room -= textWidth(text);
  }
  return kept;
}

export function paintLine(line: Line, colors: Colors): string {
  return line.map(({ text, tone }) => paintSpan(text, tone, colors)).join("");
}

function paintSpan(text: string, tone: Tone, colors: Colors): string {
  switch (tone) {
    case "plain":
      return text;
    case "strong":
      return colors.bold(text);
    case "faint":
      return colors.dim(text);
    case "good":
      return colors.green(text);
    case "warn":
      return colors.yellow(text);
    case "bad":
      return colors.red(text);
  }
}
