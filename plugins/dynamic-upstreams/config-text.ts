/** A configuration as text: equal for equal ones, whatever the order of their keys in memory. */
import { integerText } from "../_core/text.ts";

/** `names` with `name` in its place. */
function insert(names: string[], name: string): void {
  let at = names.length;
  names.push(name);
  while (at > 0) {
    const before = names[at - 1];
    if (before === undefined || before < name) {
      break;
    }
    names[at] = before;
    at -= 1;
  }
  names[at] = name;
}

function numberText(value: number): string {
  const whole = Math.floor(value);
  // Millionths are finer than any field is told.
  return whole === value && whole < 1e14 ? integerText(value) : `${integerText(Math.floor(value * 1e6))}e-6`;
}

export function configText(value: unknown): string {
  if (typeof value === "number") {
    return numberText(value);
  }
  if (typeof value === "string") {
    return `"${value}"`;
  }
  if (typeof value !== "object") {
    return value === true ? "true" : "false";
  }
  const fields = value as Record<string, unknown>;
  const names: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name in fields) {
    // Lists have numbers for names in Lua: as texts all can be compared.
    const key = `.${name}`;
    values[key] = fields[name];
    insert(names, key);
  }
  let text = "{";
  for (const name of names) {
    text = `${text}${name}=${configText(values[name])};`;
  }
  return `${text}}`;
}
