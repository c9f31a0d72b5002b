/**
 * Text helpers that give the same result in Node and in LuaJIT. They cut with constant positions only, which
 * become `string.byte` and `string.sub`; other positions would need TypeScriptToLua's library.
 */

const ZERO = 48;
const NINE = 57;

/**
 * Decimal text of an integer, for keys and stored state.
 * @param value an integer between -1e14 and 1e14 exclusive: from there on Lua prints an exponent.
 */
function integerText(value: number): string {
  // A local first: a builtin in tail position would end the compiled trace.
  const text = String(value);
  return text;
}

/** The part of `text` before the first `|`, or all of it. */
function firstField(text: string): string {
  let field = "";
  let rest = text;
  while (rest !== "") {
    const head = rest.slice(0, 1);
    if (head === "|") {
      return field;
    }
    field += head;
    rest = rest.slice(1);
  }
  return field;
}

/** What follows the first `|`, or "" when there is none. */
function otherFields(text: string): string {
  let rest = text;
  while (rest !== "") {
    const head = rest.slice(0, 1);
    rest = rest.slice(1);
    if (head === "|") {
      return rest;
    }
  }
  return "";
}

/** The value of a text of decimal digits alone, exact up to 2^53; undefined for anything else, "" included. */
function parseDigits(text: string): number | undefined {
  if (text === "") {
    return undefined;
  }
  let value = 0;
  let rest = text;
  while (rest !== "") {
    const code = rest.charCodeAt(0);
    if (code < ZERO || code > NINE) {
      return undefined;
    }
    value = value * 10 + (code - ZERO);
    rest = rest.slice(1);
  }
  return value;
}

/** `text` as one field: control characters and `|` become spaces. */
function plainField(text: string): string {
  let plain = "";
  let rest = text;
  while (rest !== "") {
    const head = rest.slice(0, 1);
    const code = head.charCodeAt(0);
    plain += code < 32 || code === 127 || head === "|" ? " " : head;
    rest = rest.slice(1);
  }
  return plain;
}

export { firstField, integerText, otherFields, parseDigits, plainField };
