const HEX: readonly string[] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B", "C", "D", "E", "F"];

/** The characters that RFC 3986, section 2.3, calls unreserved. */
function isUnreserved(code: number): boolean {
  if (code >= 97) {
    return code <= 122 || code === 126;
  }
  if (code >= 65) {
    return code <= 90 || code === 95;
  }
  return (code >= 48 && code <= 57) || code === 45 || code === 46;
}

/**
 * Text as a part of a path, a value in a query or a file's name: every byte that could mean something there is `%` and two
 * digits.
 * @param text in Node of ASCII only, for there a text is no bytes
 */
function percentText(text: string): string {
  let encoded = "";
  let rest = text;
  while (rest !== "") {
    const code = rest.charCodeAt(0);
    if (isUnreserved(code)) {
      encoded += rest.slice(0, 1);
    } else {
      const high = Math.floor(code / 16);
      encoded += `%${HEX[high] ?? ""}${HEX[code - high * 16] ?? ""}`;
    }
    rest = rest.slice(1);
  }
  return encoded;
}

export { percentText };
