/** The grammar of what shells call. */
import { Argument, type Command } from "commander";
import { SHELLS, type Shell } from "./completion/scripts.ts";
import type { Run } from "./program-running.ts";

/** Shells do not talk to a gateway, but their Tab does: it knows the names of breakers and peers. */
export function addCompletion(program: Command, run: Run): void {
  program
    .command("completion")
    .description("print the script that lets a shell complete commands, options and names")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .action((shell: Shell) =>
      run(async () => {
        const { completionScript } = await import("./commands/completion.ts");
        process.stdout.write(completionScript(shell));
      }),
    );
  // Called by that script.
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .action((words: string[]) =>
      run(async () => {
        const { completeCommand } = await import("./commands/completion.ts");
        await completeCommand(program, words, (text) => process.stdout.write(text));
      }),
    );
}
