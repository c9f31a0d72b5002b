import type { Decision, Reject } from "../../../plugins/_kit/decision.ts";
import { choosePeer } from "./chosen-peer.ts";
import { markAnsweredHere, markRoutedTo } from "./openresty-context.ts";
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

/** What a route's requests can be sent to. */
export interface Ways {
  /** Internal location of this route for each other upstream it may be sent to. */
  readonly locations: Readonly<Record<string, string>>;
  /** True when the peers of its own upstream are picked in Lua. */
  readonly balanced: boolean;
}

/**
 * Does what a handler decided: the only place that ends a request. `fault` is told of a decision that cannot be done.
 * @returns true when no other plugin is to be asked
 */
export function perform(decision: Decision, ways: Ways, fault: (this: void, problem: unknown) => void): boolean {
  if (decision.kind === "reject") {
    answer(decision);
    return true;
  }
  if (decision.kind === "peer") {
    if (ways.balanced) {
      choosePeer(decision);
    } else {
      fault("it chose a peer, but the phases in its manifest do not hold select_upstream");
    }
    return false;
  }
  const location = ways.locations[decision.upstream];
  if (location === undefined) {
    fault(`it chose the upstream "${decision.upstream}", which its manifest does not name`);
    return false;
  }
  markRoutedTo(decision.upstream);
  pack();
  ngx.exec(location);
  return true;
}
