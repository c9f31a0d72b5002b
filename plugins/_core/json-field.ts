import { integerText } from "./text.ts";

/** The names of a path with dots: `a.b` is `["a", "b"]`. */
function fieldPath(dotted: string): readonly string[] {
  const names: string[] = [];
  let name = "";
  let rest = dotted;
  while (rest !== "") {
    const first = rest.slice(0, 1);
    if (first === ".") {
      names.push(name);
      name = "";
    } else {
      name += first;
    }
    rest = rest.slice(1);
  }
  names.push(name);
  return names;
}

/**
 * A field of decoded JSON as text: of a number its digits, of true and false the word.
 * @returns undefined where there is nothing, an object or a list
 */
function fieldText(document: unknown, path: readonly string[]): string | undefined {
  let value = document;
  for (const name of path) {
    if (typeof value !== "object") {
      return undefined;
    }
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  if (typeof value === "string") {
    return value;
  }
  if (typeof value === "number") {
    return integerText(value);
  }
  if (typeof value === "boolean") {
    return value ? "true" : "false";
  }
  return undefined;
}

export { fieldPath, fieldText };
