/** The whole terminal for one program, given back as it was in whatever way the program ends. */
import { writeSync } from "node:fs";
import type { ReadStream, WriteStream } from "node:tty";
import { drawFrame, rowsOf, type Row, type Size } from "./draw-frame.ts";
import { keysIn } from "./keys.ts";
import type { Colors, Line } from "./line.ts";

export interface TerminalEvents {
  /** Never `ctrl-z` and `ctrl-l`, which the terminal handles. */
  readonly onKey: (key: string) => void;
  /** The size changed, or the screen was lost: show the picture again. */
  readonly onRedraw: () => void;
  /** A signal, or the terminal went away: close. */
  readonly onEnd: () => void;
}

export interface Terminal {
  size(): Size;
  show(lines: readonly Line[]): void;
  /** Twice does no harm. */
  close(): void;
}

export interface TerminalStreams {
  readonly input: ReadStream;
  readonly output: WriteStream & { readonly fd: number };
}

/** The other screen, no cursor. */
const ENTER = "\u{1b}[?1049h\u{1b}[?25l";
/** End of a synchronized output that was cut short, plain text, the cursor, the screen as it was. */
const LEAVE = "\u{1b}[?2026l\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l";
const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Of a terminal that does not know its size, such as one made by a program. */
const DEFAULT_SIZE: Size = { columns: 80, rows: 24 };

export function openTerminal({ input, output }: TerminalStreams, colors: Colors, events: TerminalEvents): Terminal {
  let open = true;
  let shown: readonly Row[] | undefined;

  const size = (): Size => ({
    columns: output.columns > 0 ? output.columns : DEFAULT_SIZE.columns,
    rows: output.rows > 0 ? output.rows : DEFAULT_SIZE.rows,
  });
  const enter = (): void => {
    // The mode is set anew even if it seems to be right: a shell changes it behind our back.
    input.setRawMode(false);
    input.setRawMode(true);
    output.write(ENTER);
  };
  const redraw = (): void => {
    shown = undefined;
    events.onRedraw();
  };
  const comeBack = (): void => {
    if (!open) return;
    enter();
    redraw();
  };
  const suspend = (): void => {
    input.setRawMode(false);
    output.write(LEAVE);
    // To the group, as the terminal itself would do: npx and shells above us stop as well. Then SIGCONT comes.
    process.kill(0, "SIGTSTP");
  };
  const onInput = (chunk: string): void => {
    for (const key of keysIn(chunk)) {
      if (!open) return;
      if (key === "ctrl-z") suspend();
      else if (key === "ctrl-l") redraw();
      else events.onKey(key);
    }
  };
  /** The last moment: a write that waits would come too late. */
  const onExit = (): void => {
    if (open) writeSync(output.fd, LEAVE);
  };
  const close = (): void => {
    if (!open) return;
    open = false;
    for (const signal of END_SIGNALS) process.off(signal, events.onEnd);
    process.off("SIGCONT", comeBack).off("exit", onExit);
    output.off("resize", redraw);
    input.off("data", onInput).off("end", events.onEnd).off("error", events.onEnd);
    if (!input.destroyed) input.setRawMode(false).pause();
    output.write(LEAVE);
  };

  process.on("exit", onExit).on("SIGCONT", comeBack);
  for (const signal of END_SIGNALS) process.on(signal, events.onEnd);
  output.on("resize", redraw);
  input.setEncoding("utf8").on("data", onInput).on("end", events.onEnd).on("error", events.onEnd);
  enter();
  input.resume();
  return {
    size,
    show: (lines) => {
      if (!open) return;
      const rows = rowsOf(lines, size(), colors);
      const codes = drawFrame(shown, rows);
      shown = rows;
      if (codes !== "") output.write(codes);
    },
    close,
  };
}
