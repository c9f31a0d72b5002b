const ESCAPE = "\u{1b}";

/** An escape sequence of a key, or one character. */
const KEY = new RegExp(`${ESCAPE}(?:\\[[0-9;]*[A-Za-z~]|O[A-Za-z])|[^]`, "gu");

const NAMES: Readonly<Record<string, string>> = {
  "\u{1b}[A": "up",
  "\u{1b}OA": "up",
  "\u{1b}[B": "down",
  "\u{1b}OB": "down",
  "\u{1b}[5~": "page-up",
  "\u{1b}[6~": "page-down",
  "\u{1b}[H": "home",
  "\u{1b}OH": "home",
  "\u{1b}[1~": "home",
  "\u{1b}[F": "end",
  "\u{1b}OF": "end",
  "\u{1b}[4~": "end",
  "\u{3}": "ctrl-c",
  "\u{4}": "ctrl-d",
  "\u{c}": "ctrl-l",
  "\u{1a}": "ctrl-z",
  "\u{1b}": "escape",
};

/** The keys in what a terminal in raw mode sent: a name for special ones, else the character. */
export function keysIn(input: string): string[] {
  return [...input.matchAll(KEY)].map(([key]) => NAMES[key] ?? key);
}
