import { relative, resolve } from "node:path";
import { paint } from "./paint.ts";
import { configInspector, isInspected } from "../build/check-config.ts";
import type { Gateway } from "../build/model.ts";
import { packBundle } from "../build/pack.ts";
import { prepare, type Prepared } from "../build/pipeline.ts";
import { type Engine, type EnginePreference, missingEngineProblem, surveyEngines } from "../engine/index.ts";
import { AutoscaleError } from "../errors.ts";
import type { Output } from "./output.ts";

export interface BuildOptions {
  readonly file: string;
  readonly targets: readonly string[];
  readonly out: string;
  readonly engine: EnginePreference;
}

/** A bundle on disk. */
export interface Built {
  readonly target: string;
  readonly folder: string;
  readonly files: number;
}

/**
 * The engine that checks configurations. A container would be slow for that, so only one asked for by name is used.
 * @throws AutoscaleError when the one asked for by name is not there
 */
export async function checkingEngine(preference: EnginePreference): Promise<Engine | undefined> {
  const survey = await surveyEngines(preference, process.env);
  if (preference === "auto") return survey.engine?.kind === "container" ? undefined : survey.engine;
  if (survey.engine === undefined) throw new AutoscaleError(missingEngineProblem(survey));
  return survey.engine;
}

export function prepareHere(file: string, targets: readonly string[]): Promise<Prepared> {
  return prepare({ file, targets, cwd: process.cwd(), env: process.env });
}

/** Builds and checks; what was there before stays when anything is wrong. */
export async function build(
  options: BuildOptions,
  output: Output,
): Promise<{ readonly gateway: Gateway; readonly bundles: readonly Built[] }> {
  const started = performance.now();
  const [prepared, engine] = await Promise.all([
    prepareHere(options.file, options.targets),
    checkingEngine(options.engine),
  ]);
  for (const warning of prepared.warnings) output.warn(warning);
  const out = resolve(options.out);
  const built: Built[] = [];
  for (const bundle of prepared.bundles) {
    const inspect = engine === undefined ? () => Promise.resolve() : configInspector(engine, bundle.target);
    const folder = await packBundle(bundle, prepared.version, out, inspect);
    built.push({ target: bundle.target, folder, files: bundle.files.size + 1 });
  }
  const seconds = (performance.now() - started) / 1000;
  for (const { target, folder, files } of built) {
    output.say(`${paint.green("built")} ${target}: ${shortest(folder)} (${files} files, ${seconds.toFixed(2)} s)`);
  }
  output.say(checksLine(prepared, engine));
  return { gateway: prepared.gateway, bundles: built };
}

/** A path as short as it can be written from here. */
function shortest(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere !== "" && fromHere.length < path.length ? fromHere : path;
}

/** One line saying what was checked and what was not: never silent about a check that did not run. */
export function checksLine(prepared: Prepared, engine: Engine | undefined): string {
  const lua = prepared.luaChecked ? "Lua syntax checked" : "Lua syntax not checked (no luajit on PATH)";
  if (!prepared.bundles.some(({ target }) => isInspected(target))) return paint.dim(lua);
  const conf =
    engine === undefined ? "nginx.conf not checked (no engine found)" : `nginx.conf checked by ${engine.describe}`;
  return paint.dim(`${lua}; ${conf}`);
}

export async function buildCommand(options: BuildOptions, output: Output): Promise<void> {
  const { bundles } = await build(options, output);
  output.result({ ok: true, bundles });
}
