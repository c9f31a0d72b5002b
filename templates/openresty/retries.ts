/** Retries as far as nginx has words for them; what it cannot do is refused and not done otherwise. */
import type { Upstream } from "../../cli/build/model.ts";
import { AutoscaleError, type Problem } from "../../cli/errors.ts";

const WORDS: Readonly<Record<string, string>> = {
  connect: "error",
  timeout: "timeout",
  "500": "http_500",
  "502": "http_502",
  "503": "http_503",
  "504": "http_504",
};

/** nginx retries all idempotent methods, or all methods there are. */
const IDEMPOTENT = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];
const OTHERS = ["POST", "PATCH"];

function refuse(upstream: Upstream, field: string, problem: Problem): never {
  throw new AutoscaleError({ ...problem, path: `upstreams.${upstream.name}.retries.${field}` });
}

/**
 * The words of `proxy_next_upstream`.
 * @throws AutoscaleError when nginx cannot retry so
 */
export function retryWords(upstream: Upstream): string[] {
  const { attempts, on, methods } = upstream.retries;
  if (attempts === 0) return ["off"];
  const unknown = on.find((condition) => WORDS[condition] === undefined);
  if (unknown !== undefined) {
    refuse(upstream, "on", {
      code: "E_RETRY_ON",
      message: `found ${unknown}, allowed on OpenResty: ${Object.keys(WORDS).sort().join(", ")}`,
    });
  }
  const words = on.map((condition) => WORDS[condition] ?? "");
  const has = (method: string): boolean => methods.includes(method);
  if (IDEMPOTENT.every(has) && OTHERS.every((method) => !has(method))) return words;
  if ([...IDEMPOTENT, ...OTHERS].every(has)) return [...words, "non_idempotent"];
  return refuse(upstream, "methods", {
    code: "E_RETRY_METHODS",
    message: `found ${methods.join(", ")}, allowed on OpenResty: [${IDEMPOTENT.join(", ")}], or these and ${OTHERS.join(", ")}`,
    remedy: "nginx retries all idempotent methods or all there are; leave methods out for the first.",
  });
}
