import { recordFault } from "../../../nginx/runtime/faults.ts";
import type { Decision, Reject } from "../../../plugins/_kit/decision.ts";
import type { Binding } from "./binding.ts";
import { findUpstream } from "./place.ts";

/** What a phase function gives APISIX: a status and a text, or nothing to go on. */
export type PhaseResult = LuaMultiReturn<[number | undefined, string | undefined]>;

/** Whether another body may be put in the place of a rejection's: its length is then not known here. */
function bodyMayChange(config: ApisixConfig): boolean {
  const meta = config._meta;
  return (
    (meta !== undefined && meta.error_response !== undefined) || ngx.ctx["apisix_exit_callback_funcs"] !== undefined
  );
}

function setHeaders(decision: Reject, config: ApisixConfig): void {
  // Not the server's default type: what a plugin answers is text, unless its headers say otherwise.
  ngx.header["Content-Type"] = decision.body === "" ? undefined : "text/plain; charset=utf-8";
  for (const [name, value] of pairs(decision.headers)) {
    ngx.header[name] = value;
  }
  if (!bodyMayChange(config)) {
    ngx.header["Content-Length"] = tostring(decision.body.length);
  }
}

function go(): PhaseResult {
  return $multi(undefined, undefined);
}

/** Does what a handler decided. */
export function perform(
  decision: Decision,
  binding: Binding,
  config: ApisixConfig,
  context: ApisixContext,
  phase: string,
): PhaseResult {
  if (decision.kind === "reject") {
    setHeaders(decision, config);
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
  context.autoscale_routed_to = decision.upstream;
  return go();
}
