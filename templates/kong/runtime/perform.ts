import type { Decision, Reject, RouteTo } from "../../../plugins/_kit/decision.ts";
import { routeToPeer } from "./chosen-peer.ts";
import { markRoutedTo, request } from "./kong-context.ts";

/** A decision is made once and returned many times: so are its headers. */
const headersOf = setmetatable(new LuaMap<Reject, Record<string, string>>(), { __mode: "k" });

function headers(decision: Reject): Record<string, string> {
  const before = headersOf.get(decision);
  if (before !== undefined) {
    return before;
  }
  const made: Record<string, string> = {};
  let typed = decision.body === "";
  for (const [name, value] of pairs(decision.headers)) {
    made[name] = value;
    typed = typed || string.lower(name) === "content-type";
  }
  if (!typed) {
    made["Content-Type"] = "text/plain; charset=utf-8";
  }
  headersOf.set(decision, made);
  return made;
}

/**
 * When the Service's host is an address Kong takes whatever is set later for one too, and answers 500.
 * @returns what is wrong, or undefined
 */
function refuseAddress(): string | undefined {
  const { balancer_data } = request();
  if (balancer_data === undefined || balancer_data.type === "name") {
    return undefined;
  }
  return "the host of the Kong Service is an IP address: let it name a Kong Upstream";
}

function routeTo(decision: RouteTo): string | undefined {
  const refused = refuseAddress();
  if (refused !== undefined) {
    return `it cannot send the request to upstream "${decision.upstream}": ${refused}`;
  }
  const [done, problem] = kong.service.set_upstream(decision.upstream);
  if (done !== true) {
    return `it cannot send the request elsewhere: ${tostring(problem)}`;
  }
  markRoutedTo(decision.upstream);
  return undefined;
}

/**
 * Does what a handler decided, in access. A rejection does not return: Kong runs no other plugin's access.
 * @returns what could not be done, or undefined
 */
export function perform(decision: Decision): string | undefined {
  if (decision.kind === "reject") {
    kong.response.exit(decision.status, decision.body, headers(decision));
    return undefined;
  }
  if (decision.kind === "peer") {
    routeToPeer(decision);
    return undefined;
  }
  return routeTo(decision);
}
