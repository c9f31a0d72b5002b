/** Why a Redis did not decide about a request: the label of a metric, so there are few. */
export type FailureReason =
  "timeout" | "unreachable" | "closed" | "tls" | "login" | "memory" | "loading" | "readonly" | "malformed" | "error";

export const FAILURE_REASONS: readonly FailureReason[] = [
  "timeout",
  "unreachable",
  "closed",
  "tls",
  "login",
  "memory",
  "loading",
  "readonly",
  "malformed",
  "error",
];

/** Looked for in this order, anywhere: Redis 6 tells what went wrong in a script in the middle of a sentence. */
const SIGNS: readonly (readonly [string, FailureReason])[] = [
  ["TLS: ", "tls"],
  ["AUTH", "login"],
  ["WRONGPASS", "login"],
  ["NOPERM", "login"],
  ["OOM ", "memory"],
  ["MISCONF", "memory"],
  ["LOADING", "loading"],
  ["READONLY", "readonly"],
  ["malformed", "malformed"],
  ["more than", "malformed"],
  ["timeout", "timeout"],
  ["refused", "unreachable"],
  ["resolved", "unreachable"],
  ["unreachable", "unreachable"],
  ["no route", "unreachable"],
  ["closed", "closed"],
  ["reset", "closed"],
  ["broken pipe", "closed"],
];

/** @param problem what the client or the server has said */
export function failureReason(problem: string): FailureReason {
  for (const sign of SIGNS) {
    if (problem.indexOf(sign[0]) >= 0) {
      return sign[1];
    }
  }
  return "error";
}

/** What people can do about it. */
export function remedyOf(reason: FailureReason): string {
  if (reason === "login") {
    return "check the user and the password in store.redis.url, and that the user may run scripts (+eval +evalsha +get +set +del +time +info +select ~autoscale:*)";
  }
  if (reason === "memory") {
    return "give Redis more memory, or a maxmemory-policy that lets old keys go";
  }
  if (reason === "readonly") {
    return "name the primary in store.redis.url, not a replica";
  }
  if (reason === "tls") {
    return "check the certificate and trusted_ca, or that this port speaks TLS";
  }
  if (reason === "loading") {
    return "Redis is starting; nothing has to be done";
  }
  return "check that Redis runs, is near enough for store.redis.timeout_seconds, and can be reached from here";
}
