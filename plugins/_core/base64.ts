const LETTERS: readonly string[] = [
  "ABCDEFGH",
  "IJKLMNOP",
  "QRSTUVWX",
  "YZabcdef",
  "ghijklmn",
  "opqrstuv",
  "wxyz0123",
  "456789+/",
];

/** The letter of a number from 0 to 63. */
function letter(value: number): string {
  const row = Math.floor(value / 8);
  let letters = LETTERS[row] ?? "";
  for (let skipped = row * 8; skipped < value; skipped++) {
    letters = letters.slice(1);
  }
  return letters.slice(0, 1);
}

/**
 * Base64 of the bytes of `text` (RFC 4648, section 4). For what is made once, such as a header: it is slow.
 * @param text in Node of ASCII only, for there a text is no bytes
 */
function base64(text: string): string {
  let encoded = "";
  let rest = text;
  while (rest !== "") {
    const count = rest.length < 3 ? rest.length : 3;
    const first = rest.charCodeAt(0);
    const second = count > 1 ? rest.charCodeAt(1) : 0;
    const third = count > 2 ? rest.charCodeAt(2) : 0;
    const high = Math.floor(first / 4);
    const middle = (first - high * 4) * 16 + Math.floor(second / 16);
    const low = (second - Math.floor(second / 16) * 16) * 4 + Math.floor(third / 64);
    const last = third - Math.floor(third / 64) * 64;
    encoded += letter(high) + letter(middle);
    encoded += count > 1 ? letter(low) : "=";
    encoded += count > 2 ? letter(last) : "=";
    rest = rest.slice(3);
  }
  return encoded;
}

export { base64 };
