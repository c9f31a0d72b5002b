/**
 * Colors for people at a terminal. picocolors alone also colors whatever a CI captures (it looks at `CI`), which then
 * stands as escapes in files; so we ask the terminal ourselves. NO_COLOR and FORCE_COLOR have the last word.
 */
import pc from "picocolors";

function wanted(env: NodeJS.ProcessEnv, stream: { readonly isTTY?: boolean }): boolean {
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** For what goes to standard output. */
export const paint = pc.createColors(wanted(process.env, process.stdout));
/** For what goes to standard error, which may be a terminal while standard output is piped away. */
export const paintError = pc.createColors(wanted(process.env, process.stderr));
