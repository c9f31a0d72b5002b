import type { RoutePath } from "../model.ts";

/** A path that was read, or a sentence saying what is wrong with it. */
export type ParsedPath = { readonly path: RoutePath } | { readonly wrong: string };

/** Reads `/prefix`, `= /exact` and `~ ^/regex`. Paths that no request could match are refused. */
export function parseRoutePath(text: string): ParsedPath {
  if (UNPRINTABLE.test(text)) return { wrong: "holds a control character or a line separator" };
  const exact = /^=\s*(.*)$/.exec(text)?.[1];
  const regex = /^~\s*(.*)$/.exec(text)?.[1];
  if (regex !== undefined) {
    const wrong = regexMistake(regex);
    return wrong === undefined ? { path: { kind: "regex", value: regex } } : { wrong };
  }
  const value = exact ?? text;
  const wrong = literalMistake(value);
  return wrong === undefined ? { path: { kind: exact === undefined ? "prefix" : "exact", value } } : { wrong };
}

/** Controls and line separators: no path needs them, and some could end a line of nginx.conf. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
export const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

/** nginx compares with the decoded path, without the query, with `//`, `/./` and `/../` folded away. */
function literalMistake(value: string): string | undefined {
  if (!value.startsWith("/")) return "does not begin with /";
  if (/[?#]/.test(value)) return "holds ? or #, but the query is no part of the path";
  if (/[{}]/.test(value)) return "holds { or }; for a part that varies use a regex: ~ ^/users/[^/]+$";
  if (/%[0-9A-Fa-f]{2}/.test(value)) return "is percent-encoded, but is compared with the decoded path";
  if (/\/\/|\/\.\.?(\/|$)/.test(value)) return "holds //, /./ or /../, which are folded away before routing";
  return undefined;
}

/** JavaScript's reading of the regex stands in for PCRE's; what only one of them knows is refused. */
function regexMistake(source: string): string | undefined {
  if (!source.startsWith("^")) return "is a regex that does not begin with ^";
  if (/\[\^?\]|\\[uUcC]/.test(source)) return "is a regex with [], [^], \\u or \\c, which PCRE reads otherwise";
  try {
    new RegExp(source);
    return undefined;
  } catch (error) {
    return `is no valid regex: ${(error as Error).message.replace(/^.*: /s, "").toLowerCase()}`;
  }
}
