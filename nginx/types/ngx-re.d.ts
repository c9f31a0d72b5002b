/** @noSelfInFile */

/** @noSelf */
interface Ngx {
  readonly re: NgxRe;
}

/**
 * Option letters, in any order: a (anchored), d (DFA), D (allow duplicate names), i (ignore case), j (PCRE JIT), J (JavaScript),
 * m (multi-line), o (compile once a worker and cache), s (dot matches newline), u (UTF-8), U (UTF-8 unchecked), x (extended).
 * Use "jo" for patterns that are constant: without "o" each call compiles anew. Never "o" with a pattern made from a request:
 * the cache holds `lua_regex_cache_max_entries` (1024) and is never emptied.
 */
type NgxReOptions = string;

/** Where to begin (from 1) and, after a match, where it ended. */
interface NgxReContext {
  pos?: number;
}

/** `[0]` the whole match, `[1]` and up the groups (false: did not take part), and named groups by name. */
interface NgxReCaptures {
  0: string;
  [group: number]: string | false | undefined;
  [name: string]: string | false | undefined | string[];
}

/**
 * Regular expressions by PCRE. None yields. lua-resty-core, which ngx_lua loads, lets LuaJIT
 * compile the calls; `gmatch` makes closures, which it does not.
 * A backslash is doubled in a TypeScript string: `"\\d+"`.
 * @phases any
 * @noSelf
 */
interface NgxRe {
  /**
   * The first match.
   * @returns undefined when nothing matches; undefined and a sentence on an error (bad pattern, match limit)
   */
  match(
    subject: string,
    regex: string,
    options?: NgxReOptions,
    ctx?: NgxReContext,
    resultTable?: object,
  ): LuaMultiReturn<[NgxReCaptures | undefined, string | undefined]>;

  /**
   * Where the first match begins and ends, from 1, inclusive; cheaper than `match` since it makes no strings.
   * @param nth the group to report instead of the whole match
   * @returns undefined twice when nothing matches; third: a sentence on an error
   */
  find(
    subject: string,
    regex: string,
    options?: NgxReOptions,
    ctx?: NgxReContext,
    nth?: number,
  ): LuaMultiReturn<[number | undefined, number | undefined, string | undefined]>;

  /** An iterator over all matches; call it until it gives undefined. */
  gmatch(
    subject: string,
    regex: string,
    options?: NgxReOptions,
  ): NgxResult<(this: void) => LuaMultiReturn<[NgxReCaptures | undefined, string | undefined]>>;

  /**
   * Replaces the first match. In a string `$1`, `${1}` and `$0` are groups and `$$` is a dollar.
   * @returns the new string and how many were replaced; undefined, undefined and a sentence on an error
   */
  sub(
    subject: string,
    regex: string,
    replace: string | ((this: void, captures: NgxReCaptures) => string),
    options?: NgxReOptions,
  ): LuaMultiReturn<[string, number, undefined] | [undefined, undefined, string]>;

  /** Replaces every match; else like `sub`. */
  gsub(
    subject: string,
    regex: string,
    replace: string | ((this: void, captures: NgxReCaptures) => string),
    options?: NgxReOptions,
  ): LuaMultiReturn<[string, number, undefined] | [undefined, undefined, string]>;
}
