import { integerText } from "../_core/text.ts";
import type { Decision } from "../_kit/decision.ts";
import type { Json, Random } from "../_kit/ports.ts";
import type { Config } from "./config.ts";

const TOO_MANY_REQUESTS = 429;
const SERVICE_UNAVAILABLE = 503;

/**
 * Retry-After is one of 1 to so many seconds, at random: clients that were shed together do not come back together. A limit
 * that has room again, or not, is known after a few of its intervals.
 */
const MOST_RETRY_SECONDS = 3;

/** Of draft-ietf-httpapi-ratelimit-headers, "Problem Types". */
const TYPE = "https://iana.org/assignments/http-problem-types#temporary-reduced-capacity";
const TITLE = "Request cannot be satisfied due to temporary server capacity constraints";

function answer(config: Config["reject"], json: Json, retrySeconds: number): Decision {
  const { status, body } = config;
  const headers: Record<string, string> = {};
  // It means something on these (RFC 9110, 10.2.3; RFC 6585, 4).
  if (status === TOO_MANY_REQUESTS || status === SERVICE_UNAVAILABLE) {
    headers["Retry-After"] = integerText(retrySeconds);
  }
  if (body !== "") {
    return { kind: "reject", status, headers, body };
  }
  headers["Content-Type"] = "application/problem+json";
  return { kind: "reject", status, headers, body: json.encode({ type: TYPE, title: TITLE, status }) };
}

/** Gives the answer to a shed request; all that there can be are made here. */
export function shedAnswers(config: Config["reject"], json: Json, random: Random): (this: void) => Decision {
  const answers: Decision[] = [];
  for (let seconds = 1; seconds <= MOST_RETRY_SECONDS; seconds++) {
    answers.push(answer(config, json, seconds));
  }
  return () => answers[Math.floor(random.next() * MOST_RETRY_SECONDS)] as Decision;
}
