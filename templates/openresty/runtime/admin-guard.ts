/** Who may ask the admin server for what. */
import { refuse } from "../../../nginx/runtime/admin-answers.ts";
import { authorized } from "./bearer.ts";

/**
 * A page on the web that has its own name resolve to 127.0.0.1 could read what a server on loopback shows: browsers take it
 * for the page's own. Its requests carry that name as Host. Without a token there is nothing else to tell them by.
 */
function isOwnHost(host: string | undefined): boolean {
  if (host === undefined) {
    return true;
  }
  const [bare] = string.gsub(string.lower(host), ":%d+$", "");
  return (
    bare === "localhost" ||
    string.match(bare, "^%d+%.%d+%.%d+%.%d+$")[0] !== undefined ||
    string.match(bare, "^%[[%x:.]+%]$")[0] !== undefined
  );
}

/** True when the request in hand may go on; otherwise it is answered already. */
export function admitted(token: string | undefined, method: string): boolean {
  const reading = method === "GET" || method === "HEAD";
  if (token === undefined) {
    if (!isOwnHost(ngx.var.http_host)) {
      refuse(403, "E_ADMIN_HOST", "without admin.token only localhost or an IP address may stand in the Host header");
      return false;
    }
    if (!reading) {
      refuse(403, "E_ADMIN_READ_ONLY", "without admin.token in gateway.yaml nothing can be changed");
      return false;
    }
    return true;
  }
  if (!reading && !authorized(ngx.var.http_authorization, token)) {
    ngx.header["WWW-Authenticate"] = 'Bearer realm="autoscale"';
    refuse(401, "E_ADMIN_TOKEN", "send the admin token as Authorization: Bearer");
    return false;
  }
  return true;
}
