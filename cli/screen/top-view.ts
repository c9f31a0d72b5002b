/** The picture that `top` shows: a head, a body that scrolls, and a line of keys at the bottom. */
import type { Size } from "./draw-frame.ts";
import { clockText, durationText } from "./figures.ts";
import { clipLine, span, type Line } from "./line.ts";
import { nodeLines, notices, statusTables } from "./status-view.ts";
import { SORT_ORDERS, sortedRoutes, type TopModel } from "./top-model.ts";

const HELP: readonly (readonly [string, string])[] = [
  ["q  Ctrl-C", "quit"],
  ["s", "sort the routes by the next column"],
  ["p  space", "pause, go on"],
  ["↑ ↓  k j", "scroll a line"],
  ["PgUp PgDn", "scroll a page"],
  ["Home End  g G", "to the first, to the last line"],
  ["Ctrl-L", "draw the screen anew"],
  ["Ctrl-Z", "suspend; fg brings it back"],
];

export interface TopFrame {
  /** As many as the terminal has rows, at most. */
  readonly lines: readonly Line[];
  /** Lines that the body has. */
  readonly room: number;
  /** Where the body really begins: never further than its end allows. */
  readonly scroll: number;
}

/** @param now seconds since the epoch, by the clock here */
export function topFrame(model: TopModel, { columns, rows }: Size, now: number): TopFrame {
  const head = headOf(model, columns, now);
  const room = Math.max(0, rows - head.length - 1);
  const body = model.help ? helpLines() : bodyOf(model, columns);
  const scroll = Math.max(0, Math.min(model.scroll, body.length - room));
  const shown = body.slice(scroll, scroll + room);
  const padding = Array.from({ length: room - shown.length }, () => []);
  const footer = footerOf(model, { first: scroll, shown: shown.length, all: body.length });
  const lines = [...head, ...shown, ...padding, footer].slice(-rows);
  return { lines: lines.map((line) => clipLine(line, columns)), room, scroll };
}

function headOf(model: TopModel, columns: number, now: number): Line[] {
  const { lost, status, url, paused } = model;
  const banner: Line[] = [];
  if (lost !== undefined) {
    const text = `No answer for ${durationText(now - lost.since)}, trying again: ${lost.why}`;
    banner.push([span(text, "bad")]);
  }
  const when = paused ? span(`paused at ${clockText(status.time)}`, "warn") : span(clockText(status.time), "faint");
  return [...nodeLines(status, columns), [span(`${url}  `, "faint"), when], ...banner, ...notices(status), []];
}

function bodyOf(model: TopModel, width: number): Line[] {
  const status = { ...model.status, routes: sortedRoutes(model) };
  const sortedBy = SORT_ORDERS[model.sort]?.title ?? "";
  const lines = statusTables(status, model.decisions, { width, sortedBy, sparklines: true });
  return lines.length > 0 ? lines : [[span("This gateway has nothing to tell yet.", "faint")]];
}

function helpLines(): Line[] {
  return [...HELP.map(([keys, does]) => [span(`  ${keys.padEnd(16)}`, "strong"), span(does)]), [], ANY_KEY];
}

const ANY_KEY: Line = [span("  Any key goes back.", "faint")];

interface Part {
  readonly first: number;
  readonly shown: number;
  readonly all: number;
}

function footerOf({ sort, paused, help }: TopModel, { first, shown, all }: Part): Line {
  if (help) return [];
  const part = shown < all ? `  lines ${first + 1} to ${first + shown} of ${all}` : "";
  const keys = [
    ["q", "quit"],
    ["s", `sorted by ${(SORT_ORDERS[sort]?.title ?? "").replace("Routes", "name")}`],
    ["p", paused ? "go on" : "pause"],
    ["?", "help"],
  ] as const;
  return [...keys.flatMap(([key, does]) => [span(key, "strong"), span(` ${does}  `, "faint")]), span(part, "faint")];
}
