/**
 * Decimal text of a whole number from 0 to 2^31 - 1, of others that of an end of this range. It is made a number of 32 bits before:
 * LuaJIT writes one in a fifth of the time that a double takes.
 */
function numberText(value: number): string {
  const bounded = Math.min(Math.max(value, 0), 2_147_483_647);
  const text = String(bounded | 0);
  return text;
}

export { numberText };
