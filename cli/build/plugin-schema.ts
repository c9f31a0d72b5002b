import { schema as s, type Fields, type RecordSchema } from "../../plugins/_kit/index.ts";
import type { Manifest } from "../../plugins/_kit/manifest.ts";

/** Every plugin takes `mode` beside its own fields. */
const modeField = s.oneOf(["enforce", "shadow", "off"], {
  default: "enforce",
  description: "Do it, only count and report what would be done, or nothing at all.",
});

/** What gateway.yaml may say of a plugin. */
export function pluginSchema(manifest: Manifest): RecordSchema {
  const fields = manifest.config.fields as Fields;
  return { ...manifest.config, fields: { mode: modeField, ...fields } };
}
