/** The rules of `admin.events` as the gateway reads them: taken apart here, so that it only compares and joins. */
import type { EventAction, EventRule } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { AutoscaleError } from "../../cli/errors.ts";
import { isBalanced } from "../_shared/balanced.ts";
import { findUpstream } from "./upstream-view.ts";

/** Text, or a label whose value stands there. */
type Part = { readonly text: string } | { readonly label: string };

function parts(template: string): Part[] {
  return template
    .split(/(\$labels\.[a-zA-Z_][a-zA-Z0-9_]*)/)
    .filter((piece) => piece !== "")
    .map((piece) => (piece.startsWith("$") ? { label: piece.slice("$labels.".length) } : { text: piece }));
}

function targetOf(action: EventAction): object {
  if (action.kind === "peer") return { kind: "peer", id: parts(action.upstream), peer: parts(action.peer) };
  return { kind: action.kind, id: parts(action.kind === "breaker" ? action.id : action.route) };
}

/** What is set, and what undoes it. */
function changes(action: EventAction): { readonly fields: object; readonly undo: object } {
  if (action.kind === "limit") return { fields: { factor: action.factor }, undo: { factor: 1 } };
  if (action.kind === "breaker") return { fields: { state: action.state }, undo: { state: "auto" } };
  const { state, weight } = action;
  return { fields: { state, ...(weight === undefined ? {} : { weight }) }, undo: { state: "up" } };
}

/** A rule for peers that nginx picks would fail at each alert. */
function assertSteered(plan: Plan, { action }: EventRule, index: number): void {
  if (action.kind !== "peer" || action.upstream.includes("$")) return;
  if (isBalanced(plan, findUpstream(plan, action.upstream))) return;
  throw new AutoscaleError({
    code: "E_PEERS_FIXED",
    path: `admin.events[${index}].do.peer`,
    message: `found a peer of upstream ${JSON.stringify(action.upstream)}, whose peers nginx itself picks`,
    remedy: `Write balance: { policy: round-robin } in upstreams.${action.upstream}.`,
  });
}

export function eventRules(plan: Plan): readonly object[] {
  return (plan.gateway.admin?.events ?? []).map((rule, index) => {
    assertSteered(plan, rule, index);
    return {
      match: Object.entries(rule.match).map(([label, pattern]) => ({ label, pieces: pattern.split("*") })),
      status: rule.status,
      target: targetOf(rule.action),
      ...changes(rule.action),
      ttl_seconds: rule.ttlSeconds,
      reason: rule.reason === undefined ? undefined : parts(rule.reason),
    };
  });
}
