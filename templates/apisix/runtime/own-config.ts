function copy(value: unknown): unknown {
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
 * The plugin's own part of a configuration, to keep: APISIX shares its table with all requests, and adds fields to it
 * (`_meta`, `_version`, `_from_consumer`, …). `fields` does not name `mode`.
 */
export function ownConfig(config: ApisixConfig, fields: readonly string[]): object {
  const own: Record<string, unknown> = {};
  for (const field of fields) {
    own[field] = copy(config[field]);
  }
  return own;
}
