/** Goes before a pattern whose characters are code points, not bytes; JavaScript knows no such prefix. */
export const UTF_PREFIX = "(*UTF)";

/** The end of the text, in JavaScript and in PCRE. */
const END = "(?![\\s\\S])";

/** Any character, in both. */
const ANY = "[\\s\\S]";

/** No character, in both. */
const NEVER = "(?!)";

/** What `.` is in JavaScript. */
const NOT_LINE_END = "[^\\n\\r\u2028\u2029]";

/** An escape, a class, or one character. */
const TOKEN = /\\.|\[\^?(?:\\.|[^\]\\])*\]|./gsu;

/**
 * A schema's pattern as a host reads it by PCRE, with the verdict JavaScript gives (flag `u`, no `m`, no `s`).
 * Where the two differ the text says what JavaScript means:
 * - `$` is the very end; PCRE's would let a last line feed pass.
 * - `.` stops at every line end JavaScript knows.
 * - `[` in a class could begin a POSIX class; `[]` never matches and `[^]` always does.
 * - Characters are code points: `(*UTF)` goes first where a byte could be taken for a character.
 * The result, `(*UTF)` apart, is also a JavaScript pattern that means the same.
 * Sources: ECMA-262 section 22.2, pcre2pattern(3).
 */
export function hostPattern(pattern: string): string {
  const tokens = pattern.match(TOKEN) ?? [];
  const text = tokens.map(hostToken).join("");
  return tokens.some(seesCharacters) ? UTF_PREFIX + text : text;
}

function hostToken(token: string): string {
  if (token === "$") return END;
  if (token === ".") return NOT_LINE_END;
  if (token === "[]") return NEVER;
  if (token === "[^]") return ANY;
  return token.startsWith("[") ? hostClass(token) : token;
}

/** True when bytes and characters would differ: anything that is not ASCII, and whatever could match such a thing. */
function seesCharacters(token: string): boolean {
  return token === "." || token.startsWith("[^") || !isAscii(token);
}

function hostClass(token: string): string {
  const inner = token.slice(1, -1).replace(/\\.|./gsu, (part) => {
    if (part === "[") return "\\[";
    // Two brackets in a row would end the Lua string that APISIX's validator puts the pattern into.
    return part === "\\]" ? "\\x5d" : part;
  });
  return `[${inner}]`;
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- the range of ASCII
  return /^[\x00-\x7f]*$/.test(text);
}
