/** IP addresses as text, told from names and from garbage in the same way in Node and in LuaJIT. */
import { integerText } from "./text.ts";

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const COLON = 58;

/** The longest text form: `ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255`. */
const MOST_BYTES = 45;

function isHex(code: number): boolean {
  return (code >= ZERO && code <= NINE) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

/** The numbers from 0 to 255 as text, none with a zero in front: some take such a one for an octal number, some do not. */
const OCTETS: Record<string, true | undefined> = {};
for (let octet = 0; octet < 256; octet++) {
  OCTETS[integerText(octet)] = true;
}

/** Four of the octets. By a table, for sets of thousands are checked at once: byte by byte it takes seven times as long. */
function isIpv4(text: string): boolean {
  let rest = text;
  for (let dots = 0; dots < 3; dots++) {
    const digits = rest.indexOf(".");
    let octet = "";
    if (digits === 1) {
      octet = rest.slice(0, 1);
      rest = rest.slice(2);
    } else if (digits === 2) {
      octet = rest.slice(0, 2);
      rest = rest.slice(3);
    } else if (digits === 3) {
      octet = rest.slice(0, 3);
      rest = rest.slice(4);
    }
    if (OCTETS[octet] !== true) {
      return false;
    }
  }
  return OCTETS[rest] === true;
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
