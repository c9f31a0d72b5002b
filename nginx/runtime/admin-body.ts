import { json } from "./json-port.ts";

/** What a change asks for, or why it cannot be read. */
export type ReadBody =
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly status: number; readonly error: string; readonly message: string };

/** JSON, or nothing said: a form of a web page is neither. */
function isJson(contentType: string | undefined): boolean {
  if (contentType === undefined) {
    return true;
  }
  const [media] = string.match(string.lower(contentType), "^%s*([^;%s]*)");
  return media === "application/json" || string.match(media ?? "", "^application/.+%+json$")[0] !== undefined;
}

/** Reads the body of the request in hand, a JSON object. Yields. `null` in it is as if the field were not there. */
export function readBody(): ReadBody {
  if (!isJson(ngx.var.http_content_type)) {
    const message = "the body must be JSON: send Content-Type: application/json";
    return { status: 415, error: "E_ADMIN_TYPE", message };
  }
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
