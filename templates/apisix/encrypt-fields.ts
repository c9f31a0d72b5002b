import type { Schema } from "../../plugins/_kit/index.ts";

/**
 * Paths of the secrets as APISIX's `encrypt_fields` wants them: `auth.token`; a list is passed through without a mark.
 * What lies in a record below a map has no path there, and is left out.
 */
export function encryptFields(schema: Schema, path = ""): readonly string[] {
  if (schema.kind === "record") {
    const prefix = path === "" ? "" : `${path}.`;
    const names = Object.entries(schema.fields);
    return names.flatMap(([name, field]) => encryptFields(inherit(field, schema), prefix + name));
  }
  if (schema.kind === "list") return encryptFields(inherit(schema.item, schema), path);
  if (schema.kind === "map") {
    return schema.value.kind === "record" ? [] : encryptFields(inherit(schema.value, schema), path);
  }
  return schema.secret === true && schema.kind === "string" ? [path] : [];
}

/** All that is in a secret is one. */
function inherit(inner: Schema, outer: Schema): Schema {
  return outer.secret === true ? { ...inner, secret: true } : inner;
}
