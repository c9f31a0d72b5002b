/** Numbers at the start of texts. */

const TAB = 9;
const BLANK = 32;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;

/** More is no figure of anything. */
const LARGEST = 1e15;

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** What may follow a number in a list; NaN stands for the end of the text. */
function endsNumber(byte: number): boolean {
  return byte === COMMA || byte === BLANK || byte === TAB || byte !== byte;
}

/** `e`, its sign and its digits; undefined when it is something else. `text` begins behind the digits. */
function exponentOf(text: string): number | undefined {
  if (endsNumber(text.charCodeAt(0))) {
    return 0;
  }
  const mark = text.slice(0, 1);
  const sign = text.charCodeAt(1);
  let rest = sign === PLUS || sign === MINUS ? text.slice(2) : text.slice(1);
  let exponent = 0;
  let digits = 0;
  while (isDigit(rest.charCodeAt(0))) {
    exponent = exponent * 10 + (rest.charCodeAt(0) - 48);
    digits += 1;
    rest = rest.slice(1);
  }
  if ((mark !== "e" && mark !== "E") || digits === 0 || !endsNumber(rest.charCodeAt(0))) {
    return undefined;
  }
  return sign === MINUS ? -exponent : exponent;
}

/**
 * The number that `text` begins with, when a comma, a blank or nothing follows it: `12`, `0.5`, `.5`, `1e-05`.
 * @returns 0 to 1e15; undefined when it begins otherwise, with a minus for instance
 */
function decimalPrefix(text: string): number | undefined {
  let rest = text;
  let value = 0;
  let places = 0;
  let digits = 0;
  let isFraction = false;
  let byte = rest.charCodeAt(0);
  while (isDigit(byte) || (byte === POINT && !isFraction)) {
    if (byte === POINT) {
      isFraction = true;
    } else {
      digits += 1;
      // From sixteen digits on they do not count any more.
      if (value < LARGEST) {
        value = value * 10 + (byte - 48);
        places += isFraction ? 1 : 0;
      } else if (!isFraction) {
        return undefined;
      }
    }
    rest = rest.slice(1);
    byte = rest.charCodeAt(0);
  }
  const exponent = exponentOf(rest);
  if (digits === 0 || exponent === undefined) {
    return undefined;
  }
  const power = exponent - places;
  // Powers of ten are exact as divisors, and not as factors: 3 tenths are 0.3.
  const result = power < 0 ? value / Math.pow(10, -power) : value * Math.pow(10, power);
  return result <= LARGEST ? result : undefined;
}

export { decimalPrefix };
