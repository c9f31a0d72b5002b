import { recordFault } from "../../../nginx/runtime/faults.ts";
import type { Decision, Reject } from "../../../plugins/_kit/decision.ts";
import type { Binding } from "./bindings.ts";
import { findUpstream } from "./place.ts";

/** What a phase function gives APISIX: a status and a text, or nothing to go on. */
export type PhaseResult = LuaMultiReturn<[number | undefined, string | undefined]>;

function setHeaders(decision: Reject): void {
  // Not the server's default type: what a plugin answers is text, unless its headers say otherwise.
  ngx.header["Content-Type"] = decision.body === "" ? undefined : "text/plain; charset=utf-8";
  for (const [name, value] of pairs(decision.headers)) {
    ngx.header[name] = value;
  }
}

function go(): PhaseResult {
  return $multi(undefined, undefined);
}

/**
 * Does what a handler decided. A rejection's length is left to nginx: `_meta.error_response` and plugins that change
 * bodies may put another one in its place.
 */
export function perform(decision: Decision, binding: Binding, context: ApisixContext, phase: string): PhaseResult {
  if (decision.kind === "reject") {
    setHeaders(decision);
    return $multi(decision.status, decision.body);
  }
  if (decision.kind === "peer") {
    if (context.autoscale_peer === undefined) {
      context.autoscale_peer = decision;
    }
    return go();
  }
  if (findUpstream(decision.upstream) === undefined) {
    recordFault(binding.worker.store, binding.plugin, phase, `there is no upstream with the id "${decision.upstream}"`);
    return go();
  }
  context.upstream_id = decision.upstream;
  return go();
}
