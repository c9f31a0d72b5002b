import { pathToFileURL } from "node:url";
import { ensureSystem } from "../install-system.mjs";
import { inRoot } from "./places.mjs";
import { say } from "./say.mjs";

/**
 * Finds an engine, or gets one: OpenResty or nginx with the Lua module on this machine, else a container whose image
 * can be had, else Debian's packages.
 *
 * @returns {Promise<{ kind: string } | { fault: string }>} the kind of engine to ask the command line for
 */
export async function ensureEngine() {
  const { missingEngineAdvice, openrestyImage, surveyEngines } = await import(
    pathToFileURL(inRoot("lib/cli/engine/index.js")).href
  );
  const first = await surveyEngines("auto");
  if (first.engine !== undefined) return { kind: first.engine.kind };

  const container = first.reasons.container ?? "";
  if (container.includes("has no image")) {
    say(
      `No OpenResty, nor nginx with the Lua module, on this machine. Trying the container image ${openrestyImage(process.env)}`,
    );
    const pulled = await surveyEngines("container");
    if (pulled.engine !== undefined) return { kind: "container" };
    say(`  ${pulled.reasons.container}`);
  }

  const fault = await ensureSystem("engine");
  const second = await surveyEngines("auto");
  if (second.engine !== undefined) return { kind: second.engine.kind };
  const reasons = Object.entries(second.reasons).map(([kind, reason]) => `  ${kind}: ${reason}`);
  return {
    fault: [
      "No engine to run the gateway:",
      ...reasons,
      ...(fault === undefined ? [] : [`  packages: ${fault}`]),
      `Run: ${missingEngineAdvice()}`,
    ].join("\n"),
  };
}
