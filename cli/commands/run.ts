import { closeSync, existsSync, openSync, readSync, statSync, unwatchFile, watchFile } from "node:fs";
import { join } from "node:path";
import { paint } from "./paint.ts";
import type { Gateway, Listen } from "../build/model.ts";
import { type Engine, missingEngineProblem, startEngine, surveyEngines } from "../engine/index.ts";
import { AutoscaleError } from "../errors.ts";
import { build, type BuildOptions } from "./build.ts";
import { logLine } from "./log-line.ts";
import type { Output } from "./output.ts";

/** Shows what nginx adds to its error log, from now on. Returns what ends it. */
function followLog(file: string, show: (line: string) => void): () => void {
  let offset = existsSync(file) ? statSync(file).size : 0;
  let unfinished = "";
  const read = (): void => {
    const size = existsSync(file) ? statSync(file).size : 0;
    if (size > offset) {
      const bytes = Buffer.alloc(size - offset);
      const descriptor = openSync(file, "r");
      readSync(descriptor, bytes, 0, bytes.length, offset);
      closeSync(descriptor);
      const lines = (unfinished + bytes.toString("utf8")).split("\n");
      unfinished = lines.pop() ?? "";
      for (const line of lines) show(line);
    }
    offset = size;
  };
  watchFile(file, { interval: 250 }, read);
  return () => {
    read();
    unwatchFile(file, read);
  };
}

function url({ address, port, tls }: Pick<Listen, "address" | "port" | "tls">): string {
  const everywhere = address === "0.0.0.0" || address === "::";
  const host = everywhere ? "localhost" : address.includes(":") ? `[${address}]` : address;
  return `${tls === undefined ? "http" : "https"}://${host}:${port}`;
}

/** Builds the OpenResty bundle and serves it until a signal comes. */
export async function runCommand(options: Omit<BuildOptions, "targets">, output: Output): Promise<void> {
  const survey = await surveyEngines(options.engine, process.env);
  const { engine } = survey;
  if (engine === undefined) throw new AutoscaleError(missingEngineProblem(survey));
  const { gateway, bundles } = await build({ ...options, targets: ["openresty"] }, output);
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error("the build made no bundle");
  const errorLog = join(bundle.folder, "logs", "error.log");
  const stopFollowing = followLog(errorLog, (line) => {
    const shown = logLine(line);
    if (shown !== undefined) process.stderr.write(`${shown}\n`);
  });
  try {
    const running = await startEngine(engine, bundle.folder, {
      onOutput: (text) => process.stderr.write(text),
      afterSignal: "continue",
    });
    announce(gateway, bundle.folder, engine, output);
    const { code, signal } = await running.exited;
    if (signal === null && code !== 0) {
      throw new AutoscaleError({
        code: "E_ENGINE_ENDED",
        message: `${engine.describe} ended by itself with exit code ${code ?? "?"}`,
        remedy: `See ${errorLog}.`,
      });
    }
  } finally {
    // The watch on the log would keep this process alive.
    stopFollowing();
  }
}

function announce(gateway: Gateway, folder: string, engine: Engine, output: Output): void {
  output.say(`${paint.green("serving")} with ${engine.describe}`);
  const urls = gateway.listen.map(url);
  for (const each of urls) output.say(`  gateway  ${each}`);
  const admin = gateway.admin === undefined ? undefined : url(gateway.admin);
  if (admin !== undefined) output.say(`  status   ${admin}/`);
  output.result({ ok: true, bundle: folder, gateway: urls, ...(admin === undefined ? {} : { admin }) });
  output.say(paint.dim("  Ctrl-C stops it."));
}
