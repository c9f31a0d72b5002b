import { limitMember, wholeRemaining, wholeSeconds } from "../_core/limit/limit-fields.ts";
import { numberText } from "../_core/limit/number-text.ts";
import { retryAfterSeconds } from "../_core/limit/retry-after.ts";
import type { Reject } from "../_kit/decision.ts";
import type { Random } from "../_kit/ports.ts";
import type { Config } from "./config.ts";
import type { Policy } from "./policy.ts";
import type { Grant } from "./tiers.ts";

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;

/**
 * Problem details (RFC 9457) of the type that draft-ietf-httpapi-ratelimit-headers registers. The names in it need no escape: the
 * schema lets none through that does.
 */
function problemText(status: number, name: string, seconds: string): string {
  return (
    '{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded",' +
    '"title":"Request cannot be satisfied as assigned quota has been exceeded",' +
    `"status":${numberText(status)},` +
    `"detail":"The limit \\"${name}\\" is used up. Try again in ${seconds} s.","violated-policies":["${name}"]}\n`
  );
}

/** What stands in legacy headers: the names that Kong uses, and those that many others do. */
function addLegacy(headers: Record<string, string>, limit: string, remaining: string, reset: string): void {
  headers["X-RateLimit-Limit"] = limit;
  headers["X-RateLimit-Remaining"] = remaining;
  headers["X-RateLimit-Reset"] = reset;
  headers["RateLimit-Limit"] = limit;
  headers["RateLimit-Remaining"] = remaining;
  headers["RateLimit-Reset"] = reset;
}

/** How a request is turned away that `policy` has just refused: its limiter's last answer is about it. */
export function refusalOf(config: Config, random: Random, policy: Policy, grant: Grant): Reject {
  const { status, body } = config.reject;
  const last = policy.limiter.last;
  const headers: Record<string, string> = {};
  const seconds = numberText(retryAfterSeconds(last.retrySeconds, random.next()));
  // It means something on these two (RFC 9110, 10.2.3, and RFC 6585, 4).
  if (status === TOO_MANY_REQUESTS || status === SERVICE_UNAVAILABLE) {
    headers["Retry-After"] = seconds;
  }
  if (config.headers === "ietf") {
    headers["RateLimit-Policy"] = grant.member;
    headers["RateLimit"] = limitMember(policy.head, last.remaining, last.resetSeconds);
  } else if (config.headers === "legacy") {
    const limit = numberText(wholeRemaining(grant.quota.limit));
    addLegacy(headers, limit, numberText(wholeRemaining(last.remaining)), numberText(wholeSeconds(last.resetSeconds)));
  }
  if (body !== "") {
    return { kind: "reject", status, headers, body };
  }
  headers["Content-Type"] = "application/problem+json";
  return { kind: "reject", status, headers, body: problemText(status, policy.config.name, seconds) };
}
