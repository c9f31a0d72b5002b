import type { Problem } from "../errors.ts";
import type { EngineSurvey } from "./find.ts";

/** Debian's and Ubuntu's packages that together make an engine. */
export const ENGINE_PACKAGES = [
  "nginx-light",
  "libnginx-mod-http-lua",
  "lua-resty-core",
  "lua-resty-lrucache",
  "lua-cjson",
] as const;

/** The one line to run where no engine was found. */
export function missingEngineAdvice(): string {
  return `sudo apt-get install --no-install-recommends ${ENGINE_PACKAGES.join(" ")}`;
}

/** E_ENGINE_MISSING: what was looked for, why each was no good, and the line that mends it. */
export function missingEngineProblem(survey: EngineSurvey): Problem {
  const reasons = Object.entries(survey.reasons).map(([kind, reason]) => `${kind}: ${reason}`);
  return {
    code: "E_ENGINE_MISSING",
    message: `no engine to run the gateway (${reasons.join("; ")})`,
    remedy: `On Debian or Ubuntu run: ${missingEngineAdvice()} - elsewhere install OpenResty (openresty.org).`,
  };
}
