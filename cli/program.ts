/** The command line's grammar. Each command is a thin skin on `commands/`; what they throw is handled in main.ts. */
import { Command, InvalidArgumentError, Option } from "commander";
import type { EnginePreference } from "./engine/index.ts";
import { consoleOutput, type Output } from "./commands/output.ts";
import { productVersion } from "./build/version.ts";
import { addCompletion } from "./program-completion.ts";
import { addRunningCommands } from "./program-running.ts";

const ENGINES = ["auto", "openresty", "nginx", "container"];

function list(value: string): string[] {
  const items = value.split(",").map((item) => item.trim());
  if (items.some((item) => item === ""))
    throw new InvalidArgumentError("give names with commas between, such as one,two");
  return items;
}

const engineOption = (): Option =>
  new Option("--engine <engine>", "what runs or checks the bundle").choices(ENGINES).default("auto");
const targetOption = (): Option =>
  new Option("--target <names>", "targets, with commas between").argParser(list).default(["openresty"], "openresty");
const outOption = (): Option => new Option("--out <dir>", "folder of the bundles").default("dist");
const pluginsOption = (): Option =>
  new Option("--plugins <dirs>", "folders of plugins of your own, with commas between")
    .argParser(list)
    .default([], "none");

interface Options {
  readonly target: string[];
  readonly out: string;
  readonly engine: EnginePreference;
  readonly plugins: string[];
  readonly bundle: string;
}

/** @param fail called with what a command threw */
export function createProgram(fail: (error: unknown, json: boolean) => void): Command {
  const program = new Command("autoscale-lua")
    .description(
      "Gateway plugins that adapt to load: written once in TypeScript, run as Lua in OpenResty, Kong and APISIX.",
    )
    .version(productVersion())
    .option("--json", "print one JSON document instead of text for people")
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(--help shows what there is)")
    .showSuggestionAfterError()
    // Also for the commands below, which inherit these settings: only main.ts exits.
    .exitOverride();

  const run = async (action: (output: Output) => Promise<void>): Promise<void> => {
    const json = program.opts<{ json?: boolean }>().json === true;
    await action(consoleOutput(json)).catch((error: unknown) => {
      fail(error, json);
    });
  };

  program
    .command("build")
    .description("build the bundles from gateway.yaml")
    .argument("[file]", "the gateway's configuration", "gateway.yaml")
    .addOption(targetOption())
    .addOption(outOption())
    .addOption(engineOption())
    .action((file: string, { target, out, engine }: Options) =>
      run(async (output) => {
        const { buildCommand } = await import("./commands/build.ts");
        await buildCommand({ file, targets: target, out, engine }, output);
      }),
    );
  program
    .command("check")
    .description("check everything a build checks, and write nothing")
    .argument("[file]", "the gateway's configuration", "gateway.yaml")
    .addOption(targetOption())
    .addOption(engineOption())
    .action((file: string, { target, engine }: Options) =>
      run(async (output) => {
        const { checkCommand } = await import("./commands/check.ts");
        await checkCommand({ file, targets: target, engine }, output);
      }),
    );
  program
    .command("run")
    .description("build, then serve in the foreground until Ctrl-C")
    .argument("[file]", "the gateway's configuration", "gateway.yaml")
    .addOption(outOption())
    .addOption(engineOption())
    .action((file: string, { out, engine }: Options) =>
      run(async (output) => {
        const { runCommand } = await import("./commands/run.ts");
        await runCommand({ file, out, engine }, output);
      }),
    );
  program
    .command("list")
    .description("show the plugins and targets there are")
    .addOption(pluginsOption())
    .action(({ plugins }: Options) =>
      run(async (output) => {
        const { listCommand } = await import("./commands/list.ts");
        await listCommand(plugins, output);
      }),
    );
  program
    .command("schema")
    .description("print the JSON Schema of gateway.yaml, for editors")
    .addOption(pluginsOption())
    .action(({ plugins }: Options) =>
      run(async () => {
        const { schemaCommand } = await import("./commands/schema.ts");
        await schemaCommand(plugins, (text) => process.stdout.write(text));
      }),
    );
  program
    .command("explain")
    .description("show Lua positions in an error log as TypeScript file and line")
    .argument("[log]", "the log; standard input when absent")
    .addOption(new Option("--bundle <dir>", "the bundle that wrote the log").default("dist/openresty"))
    .action((log: string | undefined, { bundle }: Options) =>
      run(async () => {
        const { explainCommand } = await import("./commands/explain.ts");
        const file = log === undefined ? {} : { file: log };
        await explainCommand({ ...file, bundle, input: process.stdin, output: process.stdout });
      }),
    );
  addRunningCommands(program, run);
  addCompletion(program, run);
  return program;
}
