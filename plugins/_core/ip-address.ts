/** IP addresses as text, told from names and from garbage in the same way in Node and in LuaJIT. */

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const COLON = 58;

/** The longest text form: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const MOST_BYTES = 45;

function isHex(code: number): boolean {
  return (code >= ZERO && code <= NINE) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

/** Four numbers from 0 to 255. A zero in front is refused: some take it for an octal number, some do not. */
function isIpv4(text: string): boolean {
  let dots = 0;
  let digits = 0;
  let value = 0;
  let rest = text;
  while (rest !== "") {
    const code = rest.charCodeAt(0);
    rest = rest.slice(1);
    if (code === DOT) {
      if (digits === 0) {
        return false;
      }
      dots += 1;
      digits = 0;
      value = 0;
    } else if (code < ZERO || code > NINE || (digits > 0 && value === 0)) {
      return false;
    } else {
      digits += 1;
      value = value * 10 + (code - ZERO);
      if (value > 255) {
        return false;
      }
    }
  }
  return dots === 3 && digits > 0;
}

/** Section 2.2 of RFC 4291: groups of hexadecimal digits, `::` once at most, the last 32 bits maybe as IPv4. No scope. */
function isIpv6(text: string): boolean {
  let groups = 0;
  let digits = 0;
  let isShortened = false;
  let rest = text;
  if (rest.slice(0, 2) === "::") {
    isShortened = true;
    rest = rest.slice(2);
  }
  let group = rest;
  while (rest !== "") {
    const code = rest.charCodeAt(0);
    rest = rest.slice(1);
    if (code === COLON) {
      if (digits === 0) {
        return false;
      }
      groups += 1;
      digits = 0;
      if (rest.slice(0, 1) === ":") {
        if (isShortened) {
          return false;
        }
        isShortened = true;
        rest = rest.slice(1);
      } else if (rest === "") {
        return false;
      }
      group = rest;
    } else if (code === DOT) {
      return isIpv4(group) && (isShortened ? groups <= 5 : groups === 6);
    } else if (isHex(code) && digits < 4) {
      digits += 1;
    } else {
      return false;
    }
  }
  if (digits > 0) {
    groups += 1;
  }
  return isShortened ? groups <= 7 : groups === 8;
}

/** The address in small letters; undefined when `text` is no IP address. IPv6 comes without brackets. */
function ipAddress(text: string): string | undefined {
  if (text.length > MOST_BYTES) {
    return undefined;
  }
  if (text.indexOf(":") === -1) {
    return isIpv4(text) ? text : undefined;
  }
  return isIpv6(text) ? text.toLowerCase() : undefined;
}

export { ipAddress };
