/** Compares all characters whatever differs, so that the time taken tells nothing about the token. */
export function sameToken(given: string, expected: string): boolean {
  let difference = given.length === expected.length ? 0 : 1;
  for (const i of $range(1, expected.length)) {
    // A shorter input is compared with itself past its end; the length has decided already.
    const byte = (string.byte(given, i) as number | undefined) ?? 0;
    difference += math.abs(byte - string.byte(expected, i));
  }
  return difference === 0;
}

/** True when the request's Authorization header carries the token as Bearer; the scheme's name has no case (RFC 9110, 11.1). */
export function authorized(header: string | undefined, token: string): boolean {
  if (header === undefined) {
    return false;
  }
  const [scheme, given] = string.match(header, "^(%a+) +([^ ]+) *$");
  return scheme !== undefined && given !== undefined && string.lower(scheme) === "bearer" && sameToken(given, token);
}
