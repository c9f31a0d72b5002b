/**
 * A value in the form in which TypeScript's and Lua's can be compared: Lua knows no difference between an
 * empty list and an empty record, between null and absent, nor, in a table's key, between 1 and "1".
 * @param digits significant digits that count; all when absent
 */
export function comparable(value: unknown, digits?: number): unknown {
  if (value === null) return undefined;
  if (typeof value === "number") return comparableNumber(value, digits);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  if (entries.length === 0) return {};
  if (Array.isArray(value)) return value.map((item) => comparable(item, digits));
  return Object.fromEntries(entries.map(([key, item]) => [key, comparable(item, digits)]));
}

function comparableNumber(value: number, digits: number | undefined): number {
  // Whether a zero has a sign depends on how a compiler folds it; no algorithm may care.
  if (value === 0) return 0;
  return digits === undefined || !Number.isFinite(value) ? value : Number(value.toPrecision(digits));
}
