import { integerText } from "../_core/text.ts";
import type { Decision } from "../_kit/decision.ts";
import type { Fallback } from "./config.ts";

/** How a request is turned away: decisions made once, and again only when their Retry-After changes. */
export interface Rejection {
  readonly fallback: Fallback;
  readonly tellsWhen: boolean;
  retrySeconds: number;
  decision: Decision;
}

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;

function decide(fallback: Fallback, retrySeconds: number | undefined): Decision {
  if (fallback.upstream !== undefined) {
    return { kind: "route", upstream: fallback.upstream };
  }
  const headers: Record<string, string> = {};
  for (const name in fallback.headers) {
    const value = fallback.headers[name];
    if (value !== undefined) {
      headers[name] = value;
    }
  }
  if (fallback.redirect !== undefined) {
    headers["Location"] = fallback.redirect;
    return { kind: "reject", status: 302, headers, body: "" };
  }
  if (retrySeconds !== undefined) {
    headers["Retry-After"] = integerText(retrySeconds);
  }
  return { kind: "reject", status: fallback.status, headers, body: fallback.body };
}

/** Retry-After means something on 429 and 503 (RFC 9110, 10.2.3); the configuration's own goes first. */
function tellsWhen(fallback: Fallback): boolean {
  if (fallback.redirect !== undefined || fallback.upstream !== undefined) {
    return false;
  }
  if (fallback.status !== TOO_MANY_REQUESTS && fallback.status !== SERVICE_UNAVAILABLE) {
    return false;
  }
  for (const name in fallback.headers) {
    if (name.toLowerCase() === "retry-after") {
      return false;
    }
  }
  return true;
}

function newRejection(fallback: Fallback): Rejection {
  const tells = tellsWhen(fallback);
  return { fallback, tellsWhen: tells, retrySeconds: 1, decision: decide(fallback, tells ? 1 : undefined) };
}

/** @param waitSeconds until the breaker is half-open; told in whole seconds, at least 1 */
function rejectionAfter(rejection: Rejection, waitSeconds: number): Decision {
  if (rejection.tellsWhen) {
    const seconds = waitSeconds > 1 ? Math.ceil(waitSeconds) : 1;
    if (seconds !== rejection.retrySeconds) {
      rejection.retrySeconds = seconds;
      rejection.decision = decide(rejection.fallback, seconds);
    }
  }
  return rejection.decision;
}

export { newRejection, rejectionAfter };
