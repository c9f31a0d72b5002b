/**
 * What Kong's schema cannot say by an attribute. Each function makes a `custom_validator` (`checks.text(…)`), which Kong
 * calls with the value alone, without self; or the function of a `custom_entity_check`.
 */

/** True, or nothing and a sentence. */
type Verdict = LuaMultiReturn<[true] | [undefined, string]>;
type Check<Value> = (this: void, value: Value) => Verdict;

/** Text; lengths in characters. The sentence never holds the value: it may be a secret. */
export function text(rules: {
  /** As `hostPattern` writes it. */
  readonly pattern?: string;
  /** The pattern in words; beside every pattern. */
  readonly expects?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
}): Check<string> {
  const { pattern, expects, minLength = 0, maxLength = math.huge } = rules;
  return (value) => {
    const length = characters(value);
    if (length < minLength) return $multi(undefined, `length must be at least ${tostring(minLength)}`);
    if (length > maxLength) return $multi(undefined, `length must be at most ${tostring(maxLength)}`);
    if (pattern === undefined || matches(value, pattern)) return $multi(true);
    return $multi(undefined, `should be ${tostring(expects)}`);
  };
}

/** A name in a map. The sentence holds it, for Kong says only which map it is in. */
export function key(rules: { readonly pattern: string; readonly expects: string }): Check<string> {
  const { pattern, expects } = rules;
  return (name) => {
    if (matches(name, pattern)) return $multi(true);
    return $multi(undefined, `name ${string.format("%q", name)} should be ${expects}`);
  };
}

/** Text that is not UTF-8 matches no pattern that counts characters. */
function matches(value: string, pattern: string): boolean {
  return ngx.re.find(value, pattern, "jo")[0] !== undefined;
}

/** One truth value only. By Kong's `eq` a field that is not set would be wrong. */
export function only(wanted: boolean): Check<boolean> {
  return (value) => {
    if (value === wanted) return $multi(true);
    return $multi(undefined, `value must be ${tostring(wanted)}`);
  };
}

/** Code points: every byte but those that continue one. */
function characters(value: string): number {
  let count = 0;
  for (const index of $range(1, value.length)) {
    const byte = string.byte(value, index);
    if (byte < 0x80 || byte > 0xbf) count += 1;
  }
  return count;
}

/** A finite number within its bounds; `min` and `max` belong to the range, `above` and `below` do not. */
export function number(bounds: {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
}): Check<number> {
  const { min = -math.huge, max = math.huge, above = -math.huge, below = math.huge } = bounds;
  const both = bounds.min !== undefined && bounds.max !== undefined;
  return (value) => {
    if (both && (value < min || value > max)) {
      return $multi(undefined, `value should be between ${tostring(min)} and ${tostring(max)}`);
    }
    if (value < min) return $multi(undefined, `value must be at least ${tostring(min)}`);
    if (value > max) return $multi(undefined, `value must be at most ${tostring(max)}`);
    // Written so that what is no number at all, which YAML can say, is refused: it is not less than anything.
    if (!(value > above) || !(value < below)) {
      return $multi(undefined, outside(bounds.above, bounds.below));
    }
    return $multi(true);
  };
}

function outside(above: number | undefined, below: number | undefined): string {
  if (above !== undefined && below !== undefined) {
    return `value must be greater than ${tostring(above)} and less than ${tostring(below)}`;
  }
  if (above !== undefined) return `value must be greater than ${tostring(above)}`;
  return below === undefined ? "value must be a finite number" : `value must be less than ${tostring(below)}`;
}

/** Each item once. A `set` of Kong's would drop the second one without a word. */
export function unique(): Check<readonly unknown[]> {
  return (items) => {
    for (const last of $range(2, items.length)) {
      for (const first of $range(1, last - 1)) {
        if (!same(items[first - 1], items[last - 1])) continue;
        return $multi(undefined, `items ${tostring(first)} and ${tostring(last)} are equal`);
      }
    }
    return $multi(true);
  };
}

function same(one: unknown, other: unknown): boolean {
  if (type(one) !== "table" || type(other) !== "table") return one === other;
  const left = one as LuaTable<AnyNotNil, unknown>;
  const right = other as LuaTable<AnyNotNil, unknown>;
  for (const [key, value] of pairs(left)) {
    if (!same(value, right.get(key))) return false;
  }
  for (const [key] of pairs(right)) {
    if (left.get(key) === undefined) return false;
  }
  return true;
}

/**
 * The shared dicts a plugin needs, which only the operator can declare. Asked where requests are served: Kong's stream
 * subsystem reads the same configuration and has dicts of its own, and its command line has every dict there is.
 */
export function dicts(names: readonly string[]): Check<unknown> {
  return () => {
    if (ngx.config.subsystem !== "http") return $multi(true);
    for (const name of names) {
      if (ngx.shared[name] === undefined) {
        return $multi(
          undefined,
          `needs the shared dict "${name}": set KONG_NGINX_HTTP_LUA_SHARED_DICT="${name} 16m" (nginx_http_lua_shared_dict = ${name} 16m)`,
        );
      }
    }
    return $multi(true);
  };
}

/** A plugin's cross-field rule as Kong asks it, on the whole entity. */
export function crossField(
  check: (this: void, config: object) => string | undefined,
): (this: void, entity: { readonly config: object }) => Verdict {
  return ({ config }) => {
    const wrong = check(withoutNulls(config) as object);
    if (wrong === undefined) return $multi(true);
    return $multi(undefined, wrong);
  };
}

/** While Kong validates, what is not set is `ngx.null`; a rule knows it as absent, as handlers do. */
function withoutNulls(value: unknown): unknown {
  if (type(value) !== "table") return value;
  const copy = new LuaTable<AnyNotNil, unknown>();
  for (const [key, item] of pairs(value as LuaTable<AnyNotNil, unknown>)) {
    if (item !== ngx.null) copy.set(key, withoutNulls(item));
  }
  return copy;
}
