/**
 * nginx's $upstream_* variables: one value for each try, parted by ", " (next peer) or " : " (after an internal
 * redirect); "-" where a try has none. Read in log, on the rare ways only.
 */
import type { Try } from "../../plugins/_kit/context.ts";

/** Sum of the numbers in $upstream_response_time; undefined when no upstream was asked. */
export function sumSeconds(value: string | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const one = tonumber(value);
  // One try is the rule, and the loop is not compiled.
  if (one !== undefined) {
    return one;
  }
  let sum = 0;
  for (const [part] of string.gmatch(value, "[%d.]+")) {
    sum += tonumber(part ?? "") ?? 0;
  }
  return sum;
}

/** The last of the numbers in $upstream_header_time; undefined when the last try has none, or no upstream was asked. */
export function lastSeconds(value: string | undefined): number | undefined {
  if (value === undefined) {
    return undefined;
  }
  const one = tonumber(value);
  if (one !== undefined) {
    return one;
  }
  const [last] = string.match(value, "([%d.]+)$");
  return tonumber(last);
}

/** True when the last try has no value: of $upstream_header_time this says the peer never answered. */
export function lastIsMissing(value: string | undefined): boolean {
  return value !== undefined && string.byte(value, -1) === 45;
}

function parts(value: string | undefined): string[] {
  const found: string[] = [];
  if (value !== undefined) {
    for (const [part] of string.gmatch(value, "[^%s,]+")) {
      if (part !== undefined && part !== ":") {
        found.push(part);
      }
    }
  }
  return found;
}

/** The tries told by $upstream_addr, $upstream_status, $upstream_response_time and $upstream_header_time. */
export function parseTries(
  addresses: string | undefined,
  statuses: string | undefined,
  seconds: string | undefined,
  headerSeconds: string | undefined,
): readonly Try[] {
  const peers = parts(addresses);
  const codes = parts(statuses);
  const durations = parts(seconds);
  const headers = parts(headerSeconds);
  const tries: Try[] = [];
  for (const i of $range(1, peers.length)) {
    const answered = headers[i - 1] !== undefined && headers[i - 1] !== "-";
    tries.push({
      peer: peers[i - 1] ?? "",
      status: answered ? (tonumber(codes[i - 1] ?? "") ?? 0) : 0,
      seconds: tonumber(durations[i - 1] ?? "") ?? 0,
    });
  }
  return tries;
}
