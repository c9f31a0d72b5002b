/** How the admin server answers: nothing is cached or guessed, errors are JSON with a code. */
import { jsonText } from "./json-text.ts";

export function send(status: number, type: string, body: string): void {
  ngx.status = status;
  ngx.header["Content-Type"] = type;
  ngx.header["Cache-Control"] = "no-store";
  ngx.header["X-Content-Type-Options"] = "nosniff";
  ngx.header["Content-Length"] = tostring(body.length);
  ngx.print(body);
  ngx.exit(ngx.HTTP_OK);
}

export function sendJson(status: number, value: object): void {
  send(status, "application/json", `${jsonText(value)}\n`);
}

export function refuse(status: number, code: string, message: string): void {
  sendJson(status, { error: code, message });
}
