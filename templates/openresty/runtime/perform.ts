import type { Decision, Reject } from "../../../plugins/_kit/decision.ts";
import { markAnsweredHere } from "./openresty-context.ts";
import { pack } from "./request-memory.ts";

function answer(decision: Reject): void {
  markAnsweredHere();
  ngx.status = decision.status;
  // Not the server's default type: what a plugin answers is text, unless its headers say otherwise.
  ngx.header["Content-Type"] = decision.body === "" ? undefined : "text/plain; charset=utf-8";
  for (const [name, value] of pairs(decision.headers)) {
    ngx.header[name] = value;
  }
  // A known length keeps the connection plain and lets nginx send no error page of its own.
  ngx.header["Content-Length"] = tostring(decision.body.length);
  ngx.print(decision.body);
  ngx.exit(ngx.HTTP_OK);
}

/**
 * Does what a handler decided: the only place that ends a request. `locations` names the internal location
 * of this route for each other upstream it may be sent to.
 */
export function perform(decision: Decision, locations: Readonly<Record<string, string>>): void {
  if (decision.kind === "reject") {
    answer(decision);
    return;
  }
  const location = locations[decision.upstream];
  if (location !== undefined) {
    pack();
    ngx.exec(location);
  }
}
