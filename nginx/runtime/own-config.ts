function copy(value: unknown): unknown {
  if (value === ngx.null) {
    return undefined;
  }
  if (type(value) !== "table") {
    return value;
  }
  const copied = new LuaTable<AnyNotNil, unknown>();
  for (const [key, inner] of pairs(value as Record<string, unknown>)) {
    copied.set(key, copy(inner));
  }
  return copied;
}

/**
 * The plugin's own part of a configuration, to keep: hosts share their table with all requests and put fields of their own
 * into it (Kong `__plugin_id`, `route_id`, …; APISIX `_meta`, `_version`, …). `fields` does not name `mode`.
 */
export function ownConfig(config: { readonly [field: string]: unknown }, fields: readonly string[]): object {
  const own: Record<string, unknown> = {};
  for (const field of fields) {
    own[field] = copy(config[field]);
  }
  return own;
}
