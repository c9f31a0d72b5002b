import { json } from "./json-port.ts";

/** What a change asks for, or why it cannot be read. */
export type ReadBody =
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly status: number; readonly error: string; readonly message: string };

/**
 * Reads the body of the request in hand, a JSON object, whatever its type says: `curl -d` calls everything a form. No page on
 * the web can send one for its visitor all the same, since browsers ask first before a PUT or a bearer token. Yields. `null`
 * in it is as if the field were not there.
 */
export function readBody(): ReadBody {
  ngx.req.read_body();
  const text = ngx.req.get_body_data();
  if (text === undefined) {
    return { status: 400, error: "E_ADMIN_BODY", message: "send a JSON object that fits into the request's buffer" };
  }
  const value = json.decode(text);
  if (type(value) !== "table" || (value as unknown[]).length > 0) {
    return { status: 400, error: "E_ADMIN_BODY", message: "the body is not a JSON object" };
  }
  return { fields: value as Readonly<Record<string, unknown>> };
}
