/** HTTP/2 and later without a length: ngx_lua refuses to read such a body, and a stream (gRPC) may never end. */
function isStream(length: number | undefined): boolean {
  return length === undefined && (ngx.req.http_version() ?? 1) >= 2;
}

/** nginx writes a body larger than client_body_buffer_size into a file. */
function readFile(path: string, maxBytes: number): string | undefined {
  const [file] = io.open(path, "rb");
  if (file === undefined) {
    return undefined;
  }
  const text = file.read(maxBytes + 1);
  file.close();
  return text;
}

/**
 * The body of the request in hand, read whole; undefined when there is none, when it has more than `maxBytes`, and for
 * HTTP/2 requests that do not say its length. It is sent on all the same. One that nginx itself finds too large ends here,
 * with 413.
 */
export function requestBody(maxBytes: number): string | undefined {
  const length = tonumber(ngx.var.http_content_length);
  if (isStream(length) || (length !== undefined && (length === 0 || length > maxBytes))) {
    return undefined;
  }
  ngx.req.read_body();
  let text = ngx.req.get_body_data();
  if (text === undefined) {
    const path = ngx.req.get_body_file();
    text = path === undefined ? undefined : readFile(path, maxBytes);
  }
  return text === undefined || text === "" || text.length > maxBytes ? undefined : text;
}
