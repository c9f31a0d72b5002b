import { findContainer } from "./container.ts";
import { findNginx, findOpenresty } from "./native.ts";
import type { Engine, EngineKind, EnginePreference, EngineSearch } from "./types.ts";

const ORDER: readonly EngineKind[] = ["openresty", "nginx", "container"];

/** The engine found, and for each kind that was looked at in vain, why. */
export interface EngineSurvey {
  readonly engine?: Engine;
  readonly reasons: Readonly<Partial<Record<EngineKind, string>>>;
}

/**
 * The engine to use, or undefined.
 *
 * `auto` takes OpenResty, else nginx with the Lua module, else a container whose image is already here. An engine
 * asked for by name is the only one looked at; for `container` the image is pulled when it is not here.
 */
export async function findEngine(
  preference: EnginePreference,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Engine | undefined> {
  return (await surveyEngines(preference, env)).engine;
}

/** As `findEngine`, and also says why the others were passed over. */
export async function surveyEngines(
  preference: EnginePreference,
  env: NodeJS.ProcessEnv = process.env,
): Promise<EngineSurvey> {
  const reasons: Partial<Record<EngineKind, string>> = {};
  for (const kind of preference === "auto" ? ORDER : [preference]) {
    const search = await searchFor(kind, env, preference === "container");
    if ("engine" in search) return { engine: search.engine, reasons };
    reasons[kind] = search.reason;
  }
  return { reasons };
}

function searchFor(kind: EngineKind, env: NodeJS.ProcessEnv, pull: boolean): Promise<EngineSearch> {
  if (kind === "openresty") return findOpenresty(env);
  if (kind === "nginx") return findNginx(env);
  return findContainer(env, { pull });
}
