import type { Command } from "commander";
import { targetNames } from "../build/targets.ts";
import { complete, type FindNames } from "../completion/candidates.ts";
import { liveNames } from "../completion/live-names.ts";
import { completionScripts, type Shell } from "../completion/scripts.ts";

/** The script that makes a shell complete the command line. */
export function completionScript(shell: Shell): string {
  return completionScripts[shell];
}

/** Names that cannot be had are none: a Tab shows no errors. */
const findNames: FindNames = (place, position) => {
  const found = place.endsWith("--target") ? targetNames() : liveNames(place, position);
  return found.catch(() => []);
};

/**
 * Answers the script: a line for each value that fits.
 * @param words after the program's name, up to the cursor
 */
export async function completeCommand(
  program: Command,
  words: readonly string[],
  print: (text: string) => void,
): Promise<void> {
  const { candidates, paths } = await complete(program, words, findNames);
  for (const { value, description } of candidates) print(`${value}\t${description.replaceAll(/\s+/g, " ")}\n`);
  if (paths !== "none") print(`:${paths}\n`);
}
