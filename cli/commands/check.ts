import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paint } from "./paint.ts";
import { configInspector } from "../build/check-config.ts";
import { packBundle } from "../build/pack.ts";
import type { EnginePreference } from "../engine/index.ts";
import { checkingEngine, checksLine, prepareHere } from "./build.ts";
import type { Output } from "./output.ts";

export interface CheckOptions {
  readonly file: string;
  readonly targets: readonly string[];
  readonly engine: EnginePreference;
}

/** Everything `build` checks, in a temporary folder: the user's files are not touched. */
export async function checkCommand(options: CheckOptions, output: Output): Promise<void> {
  const prepared = await prepareHere(options.file, options.targets);
  const engine = await checkingEngine(options.engine);
  const folder = await mkdtemp(join(tmpdir(), "autoscale-lua-check-"));
  try {
    for (const bundle of prepared.bundles) {
      const inspect = engine === undefined ? () => Promise.resolve() : configInspector(engine, bundle.target);
      await packBundle(bundle, prepared.version, folder, inspect);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  for (const warning of prepared.warnings) output.warn(warning);
  const { routes, upstreams } = prepared.gateway;
  output.say(`${paint.green("ok")} ${options.file}: ${routes.length} routes, ${upstreams.length} upstreams`);
  output.say(checksLine(prepared, engine));
  output.result({ ok: true, routes: routes.length, upstreams: upstreams.length, warnings: prepared.warnings });
}
