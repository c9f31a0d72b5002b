/** Reading of JSON that another program wrote: what is not as expected counts as absent. */

/** Control and invisible characters: a reason may quote what a client sent, and a terminal would obey it. */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export function readNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

export function readBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** Safe to show on a terminal, on one line. */
export function readText(value: unknown): string | undefined {
  return typeof value === "string" ? shownText(value) : undefined;
}

export function shownText(text: string): string {
  return text.replaceAll(UNSHOWABLE, " ");
}

/** Empty when absent. Lua's encoder writes an empty list as `{}`. */
export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function readRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Made once: ten thousand peers take `localeCompare` more than a second. */
const byName = new Intl.Collator("en", { numeric: true });

/** The fields in the order of their names, which Lua gives in any order. */
export function readFields<T>(
  value: unknown,
  each: (name: string, fields: Readonly<Record<string, unknown>>) => T,
): T[] {
  const record = readRecord(value);
  const names = Object.keys(record).sort(byName.compare);
  return names.map((name) => each(shownText(name), readRecord(record[name])));
}
