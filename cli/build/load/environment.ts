/** The variables `${NAME}` may stand for. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Expansion {
  readonly text: string;
  /** True when the whole text is one placeholder, so that its value may also be a number or true or false. */
  readonly whole: boolean;
  /** Names that are not set and have no default. */
  readonly unset: readonly string[];
  /** The first `${` that is no placeholder, up to its end; undefined when all are well. */
  readonly malformed?: string;
}

/**
 * Fills in `${NAME}` and `${NAME:-default}`. The default also stands for a variable that is set but empty, as in a
 * shell. `$${` is a literal `${`. What is filled in is not looked at again.
 */
export function expand(text: string, environment: Environment): Expansion {
  const unset: string[] = [];
  let malformed: string | undefined;
  const filled = text.replace(PLACEHOLDER, (match: string, name?: string, fallback?: string, offset?: number) => {
    if (match === "$${") return "${";
    if (name === undefined) {
      malformed ??= text.slice(offset).split("}", 1)[0];
      return match;
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && (value !== "" || fallback === undefined)) return value;
    if (fallback === undefined) unset.push(name);
    return fallback ?? "";
  });
  const whole = WHOLE.test(text);
  return { text: filled, whole, unset, ...(malformed === undefined ? {} : { malformed }) };
}

/** An escape, a placeholder, or a `${` that is neither. */
const PLACEHOLDER = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?/g;

const WHOLE = /^\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\}$/;

/**
 * The value of text that stood for a whole unquoted scalar, by the rules of YAML's core schema: a number, true,
 * false, or else the text. Empty text and `null` stay text, so that a variable never makes a value vanish.
 */
export function retype(text: string): string | number | boolean {
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^[-+]?[0-9]+$/.test(text) || /^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return Number(text);
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return Number(text);
  return text;
}
