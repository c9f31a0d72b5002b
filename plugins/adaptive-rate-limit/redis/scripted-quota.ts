import type { RespReply } from "../../_core/resp/resp-reply.ts";
import { gcraStep } from "../../_core/limit/gcra.ts";
import type { RedisScriptCall } from "../../_kit/ports.ts";
import type { Algorithm, PolicyConfig } from "../config.ts";
import type { Quota, Standing } from "../limiter.ts";
import { FIXED_SCRIPT, GCRA_SCRIPT, SLIDING_SCRIPT } from "./limit-scripts.ts";

/** What a script has answered. */
export interface Grant extends Standing {
  admitted: boolean;
  /** Cost that was had; 0 when not admitted. */
  granted: number;
}

export function newGrant(): Grant {
  return { admitted: false, granted: 0, remaining: 0, resetSeconds: 0, retrySeconds: 0 };
}

export function scriptOf(algorithm: Algorithm): string {
  if (algorithm === "gcra") {
    return GCRA_SCRIPT;
  }
  return algorithm === "fixed-window" ? FIXED_SCRIPT : SLIDING_SCRIPT;
}

/** As Redis reads it: 14 digits are enough, and what doubles lose is forgiven by the scripts. */
function figure(value: number): string {
  const text = String(value);
  return text;
}

/**
 * Begins the keys of a policy in Redis. What is kept there has another form with another algorithm, and another meaning with other
 * windows of the clock: gateways with an older configuration do not meddle.
 */
export function redisPrefix({ algorithm, window_seconds }: PolicyConfig): string {
  return algorithm === "gcra" ? "autoscale:gcra:" : `autoscale:${algorithm}:${figure(window_seconds)}:`;
}

/** @param least the cost that must be had @param most what is wanted; both below 0 give it back */
export function scriptCall(
  algorithm: Algorithm,
  key: string,
  quota: Quota,
  least: number,
  most: number,
): RedisScriptCall {
  if (algorithm === "gcra") {
    const step = gcraStep(quota.limit, quota.windowSeconds);
    return { key, args: [figure(step), figure(step * quota.burst), figure(least), figure(most)] };
  }
  return { key, args: [figure(quota.limit), figure(quota.windowSeconds), figure(least), figure(most)] };
}

function integerAt(items: readonly RespReply[], index: number): number {
  const item = items[index];
  return item !== undefined && item.kind === "integer" ? item.value : -1;
}

/** Reads what a script has answered. @returns false when that is none of its answers */
export function readGrant(reply: RespReply, grant: Grant): boolean {
  if (reply.kind !== "list") {
    return false;
  }
  const items = reply.items;
  grant.admitted = integerAt(items, 0) === 1;
  grant.granted = integerAt(items, 1) / 1000;
  grant.remaining = integerAt(items, 2) / 1000;
  grant.resetSeconds = integerAt(items, 3) / 1e6;
  grant.retrySeconds = integerAt(items, 4) / 1e6;
  return integerAt(items, 0) >= 0 && grant.remaining >= 0 && grant.resetSeconds >= 0 && grant.retrySeconds >= 0;
}
