import { closeSync, existsSync, openSync, readSync, statSync, unwatchFile, watchFile } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { missingEngineProblem, startEngine, surveyEngines } from "../engine/index.ts";
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

/** Builds the OpenResty bundle and serves it until a signal comes. */
export async function runCommand(options: Omit<BuildOptions, "targets">, output: Output): Promise<void> {
  const survey = await surveyEngines(options.engine, process.env);
  const { engine } = survey;
  if (engine === undefined) throw new AutoscaleError(missingEngineProblem(survey));
  const { gateway, bundles } = await build({ ...options, targets: ["openresty"] }, output);
  const [bundle] = bundles;
  if (bundle === undefined) throw new Error("the build made no bundle");
  const stopFollowing = followLog(join(bundle.folder, "logs", "error.log"), (line) => {
    const shown = logLine(line);
    if (shown !== undefined) process.stderr.write(`${shown}\n`);
  });
  const running = await startEngine(engine, bundle.folder, {
    onOutput: (text) => process.stderr.write(text),
    afterSignal: "continue",
  });
  output.say(`${pc.green("serving")} with ${engine.describe}`);
  for (const { address, port, tls } of gateway.listen) {
    const host = address === "0.0.0.0" || address === "::" ? "localhost" : address;
    output.say(`  gateway  ${tls === undefined ? "http" : "https"}://${host}:${port}`);
  }
  if (gateway.admin !== undefined) {
    output.say(`  admin    http://${gateway.admin.address}:${gateway.admin.port}/status`);
  }
  output.say(pc.dim("  Ctrl-C stops it."));
  const { code, signal } = await running.exited;
  stopFollowing();
  if (signal === null && code !== 0) {
    throw new AutoscaleError({
      code: "E_ENGINE_ENDED",
      message: `${engine.describe} ended by itself with exit code ${code ?? "?"}`,
      remedy: `See ${join(bundle.folder, "logs", "error.log")}.`,
    });
  }
}
