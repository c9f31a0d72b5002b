import { decode, encode } from "cjson.safe";
import type { Json } from "../../plugins/_kit/ports.ts";

/** JSON's null is an address in cjson: it becomes undefined, so that nobody takes it for a value. */
function withoutNull(value: unknown): unknown {
  if (value === ngx.null) {
    return undefined;
  }
  if (type(value) === "table") {
    const fields = value as Record<string, unknown>;
    for (const [name, inner] of pairs(fields)) {
      fields[name] = withoutNull(inner);
    }
  }
  return value;
}

export const json: Json = {
  decode: (text) => {
    const [value] = decode(text);
    return withoutNull(value);
  },
  encode: (value) => {
    const [text] = encode(value);
    return text ?? "null";
  },
};
