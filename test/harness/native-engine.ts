import { describe } from "vitest";
import { findNginx, findOpenresty } from "../../cli/engine/native.ts";
import type { Engine } from "../../cli/engine/types.ts";

async function survey(): Promise<{ engine?: Engine; reason: string }> {
  const reasons: string[] = [];
  for (const find of [findOpenresty, findNginx]) {
    const search = await find(process.env);
    if ("engine" in search) return { engine: search.engine, reason: "" };
    reasons.push(search.reason);
  }
  return { reason: reasons.join("; ") };
}

const found = await survey();

/** OpenResty or nginx with the Lua module, of this machine: its workers are processes that a test can see. */
export function nativeEngine(): Engine {
  if (found.engine === undefined) throw new Error(`no engine: ${found.reason}`);
  return found.engine;
}

/** `describe` where there is an engine; elsewhere its tests are skipped, and the name says why. */
export function describeWithEngine(name: string, body: () => void): void {
  if (found.engine === undefined) describe.skip(`${name} (no engine here: ${found.reason})`, body);
  else describe(name, body);
}
