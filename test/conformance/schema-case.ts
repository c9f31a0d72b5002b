/**
 * One configuration, and what all three validators say of it: ours, Kong's and APISIX's.
 */
export interface SchemaCase {
  readonly plugin: string;
  readonly title: string;
  readonly config: object;
  /** It passes, and this is it with every default, the one of `mode` included. */
  readonly good?: object;
  /** It does not pass, and this path is named; "" is the whole configuration. */
  readonly bad?: string;
  /** What a host names instead: Kong stops at a map, both stop at a list whose items are equal. */
  readonly kongAt?: string;
  readonly apisixAt?: string;
  /** Hosts that let a bad one pass, and why. */
  readonly passes?: { readonly kong?: string; readonly apisix?: string };
}

type Rest = Omit<SchemaCase, "plugin" | "title" | "config" | "good" | "bad">;

/** Makes cases of one plugin. `complete` is a valid configuration with all defaults, `needed` what must be written. */
export function caseMaker(plugin: string, complete: object, needed: object) {
  return {
    /** Passes; what is added by the defaults is as in `complete` but for `filled`. */
    good: (title: string, config: object, filled: object = config): SchemaCase => {
      return { plugin, title, config: { ...needed, ...config }, good: merged(complete, filled) };
    },
    bad: (title: string, config: object, path: string, rest: Rest = {}): SchemaCase => {
      return { plugin, title, config: { ...needed, ...config }, bad: path, ...rest };
    },
    /** Exactly this configuration. */
    badWhole: (title: string, config: object, path: string, rest: Rest = {}): SchemaCase => {
      return { plugin, title, config, bad: path, ...rest };
    },
  };
}

function merged(base: unknown, change: unknown): object {
  if (!isRecord(base) || !isRecord(change)) return change as object;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) result[key] = key in base ? merged(base[key], value) : value;
  return result;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
