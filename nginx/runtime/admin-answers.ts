/** How the admin server answers: nothing is cached, errors are JSON with a code. */
import { encode } from "cjson.safe";

export function send(status: number, type: string, body: string): void {
  ngx.status = status;
  ngx.header["Content-Type"] = type;
  ngx.header["Cache-Control"] = "no-store";
  ngx.header["Content-Length"] = tostring(body.length);
  ngx.print(body);
  ngx.exit(ngx.HTTP_OK);
}

export function sendJson(status: number, value: object): void {
  const [text, problem] = encode(value);
  send(status, "application/json", `${text ?? `{"error":"E_JSON","message":"${tostring(problem)}"}`}\n`);
}

export function refuse(status: number, code: string, message: string): void {
  sendJson(status, { error: code, message });
}
