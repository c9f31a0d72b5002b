/** Retries as far as nginx has words for them; what it cannot do is refused and not done otherwise. */
import type { Upstream } from "../../cli/build/model.ts";
import { AutoscaleError } from "../../cli/errors.ts";

const WORDS: Readonly<Record<string, string>> = {
  connect: "error",
  timeout: "timeout",
  "500": "http_500",
  "502": "http_502",
  "503": "http_503",
  "504": "http_504",
};

/** Those that nginx sends again only when it is told `non_idempotent`. */
const NON_IDEMPOTENT = ["POST", "PATCH", "LOCK"];

/**
 * The words of `proxy_next_upstream`. They let through what any method of the list asks for; where the list is neither all
 * idempotent methods nor all there are, Lua picks the peers and gives the others no more tries.
 * @throws AutoscaleError when nginx cannot retry so
 */
export function retryWords({ name, retries }: Upstream): readonly string[] {
  const { attempts, on, methods } = retries;
  if (attempts === 0 || on.length === 0) return ["off"];
  const unknown = on.find((condition) => WORDS[condition] === undefined);
  if (unknown !== undefined) {
    throw new AutoscaleError({
      code: "E_RETRY_ON",
      path: `upstreams.${name}.retries.on`,
      message: `found ${unknown}, allowed on OpenResty: ${Object.keys(WORDS).sort().join(", ")}`,
    });
  }
  const words = on.map((condition) => WORDS[condition] ?? "");
  return methods.some((method) => NON_IDEMPOTENT.includes(method)) ? [...words, "non_idempotent"] : words;
}
