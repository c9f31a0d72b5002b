/** The grammar of the commands on a running gateway. */
import { Argument, Option, type Command } from "commander";
import type { Output } from "./commands/output.ts";
import { aboveZero, amount, duration, weight } from "./option-values.ts";

/** Runs an action and reports what it throws. */
export type Run = (action: (output: Output) => Promise<void>) => Promise<void>;

interface AdminFlags {
  readonly admin?: string;
  readonly tokenFile?: string;
  readonly file?: string;
  readonly timeout: number;
}

interface ControlFlags extends AdminFlags {
  readonly for?: number;
  readonly reason?: string;
  readonly weight?: number;
}

interface TopFlags extends AdminFlags {
  readonly interval: number;
  readonly json?: boolean;
}

function withAdminOptions(command: Command): Command {
  return command
    .addOption(new Option("--admin <url>", "the gateway's admin server, or AUTOSCALE_ADMIN; else that of gateway.yaml"))
    .addOption(new Option("--file <path>", "the gateway.yaml to take address and token from"))
    .addOption(new Option("--token-file <path>", "file that holds the admin token, or AUTOSCALE_ADMIN_TOKEN"))
    .addOption(new Option("--timeout <seconds>", "how long an answer may take").argParser(aboveZero).default(5));
}

function adminOptions({ admin, tokenFile, file, timeout }: AdminFlags) {
  return {
    ...(admin === undefined ? {} : { admin }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(file === undefined ? {} : { file }),
    timeoutSeconds: timeout,
  };
}

function controlOptions(flags: ControlFlags) {
  return {
    ...adminOptions(flags),
    ...(flags.for === undefined ? {} : { forSeconds: flags.for }),
    ...(flags.reason === undefined ? {} : { reason: flags.reason }),
    ...(flags.weight === undefined ? {} : { weight: flags.weight }),
  };
}

/** How long, and why: what every change may say. */
function withTerms(command: Command): Command {
  return command
    .addOption(new Option("--for <duration>", "how long it lasts, such as 30s, 5m, 2h").argParser(duration))
    .addOption(new Option("--reason <text>", "why, for those who look later"));
}

export function addRunningCommands(program: Command, run: Run): void {
  withAdminOptions(program.command("status").description("show what a running gateway does")).action(
    (flags: AdminFlags) =>
      run(async (output) => {
        const { statusCommand } = await import("./commands/status.ts");
        await statusCommand(adminOptions(flags), output);
      }),
  );
  withAdminOptions(program.command("top").description("the same, live in the terminal, until q"))
    .addOption(new Option("--interval <seconds>", "how often to ask").argParser(aboveZero).default(1))
    .action((_: object, command: Command) =>
      run(async () => {
        const { topCommand } = await import("./commands/top.ts");
        const flags = command.optsWithGlobals<TopFlags>();
        await topCommand({ ...adminOptions(flags), intervalSeconds: flags.interval, json: flags.json === true });
      }),
    );
  addControl(program, run);
}

function addControl(program: Command, run: Run): void {
  const control = withAdminOptions(
    program.command("control").description("act on a running gateway; overrides end by themselves"),
  );
  withTerms(control.command("breaker").description("hold a circuit breaker open or closed, or give it back (auto)"))
    .argument("<id>", "as status shows it, such as route:users")
    .addArgument(new Argument("<state>", "what it shall be").choices(["open", "closed", "auto"]))
    .action((id: string, state: string, _: object, command: Command) =>
      run(async (output) => {
        const { controlBreaker } = await import("./commands/control.ts");
        await controlBreaker(id, state, controlOptions(command.optsWithGlobals()), output);
      }),
    );
  withTerms(control.command("peer").description("drain a peer of an upstream, take it out, or bring it back"))
    .argument("<upstream>", "its name in gateway.yaml")
    .argument("<peer>", "host:port")
    .addArgument(new Argument("<state>", "what it shall be").choices(["up", "drain", "down"]))
    .addOption(new Option("--weight <number>", "its share of the requests, 1 to 1000; only with up").argParser(weight))
    .action((upstream: string, peer: string, state: string, _: object, command: Command) =>
      run(async (output) => {
        const { controlPeer } = await import("./commands/control.ts");
        await controlPeer({ upstream, peer }, state, controlOptions(command.optsWithGlobals()), output);
      }),
    );
  withTerms(control.command("limit").description("multiply a route's rate limit"))
    .argument("<route>", "its name in gateway.yaml")
    .argument("<factor>", "0.5 is half of what is configured, 1 all of it", amount)
    .action((route: string, factor: number, _: object, command: Command) =>
      run(async (output) => {
        const { controlLimit } = await import("./commands/control.ts");
        await controlLimit(route, factor, controlOptions(command.optsWithGlobals()), output);
      }),
    );
  control
    .command("event")
    .description("send an event in the format of Alertmanager's webhook")
    .argument("<file>", "JSON; - for standard input")
    .action((file: string, _: object, command: Command) =>
      run(async (output) => {
        const { controlEvent } = await import("./commands/control.ts");
        await controlEvent(file, adminOptions(command.optsWithGlobals()), output);
      }),
    );
}
