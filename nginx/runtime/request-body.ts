/**
 * The body of the request in hand, read whole; undefined when there is none or it has more than `maxBytes`. nginx keeps a
 * larger one in a file, and sends it on all the same.
 */
export function requestBody(maxBytes: number): string | undefined {
  const length = tonumber(ngx.var.http_content_length);
  if (length !== undefined && length > maxBytes) {
    return undefined;
  }
  ngx.req.read_body();
  const text = ngx.req.get_body_data();
  return text === undefined || text.length > maxBytes ? undefined : text;
}
