import type { SchemaCase } from "./schema-case.ts";

/** Longer text is refused by its length, before a pattern is asked. */
const MAX_LENGTH = 2100;

/** Every text in the cases: values and keys. */
export function textsIn(cases: readonly SchemaCase[]): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string" && value.length <= MAX_LENGTH) found.add(value);
    if (typeof value !== "object" || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (!Array.isArray(value)) found.add(key);
      visit(item);
    }
  };
  for (const { config, good } of cases) visit([config, good]);
  return [...found];
}
