import { runCommand, type CommandResult } from "./run-command.ts";
import type { Engine } from "./types.ts";

/**
 * Lets the engine check a bundle's configuration (`nginx -t`): it resolves names and opens log files, and binds
 * the ports, but serves nothing. `output` is nginx's own text.
 *
 * @param prefix absolute path of the bundle
 */
export async function testConfig(
  engine: Engine,
  prefix: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<CommandResult> {
  const launch = engine.launch(prefix, ["-t"]);
  const result = await runCommand(launch, { env, timeoutSeconds: 60 });
  if (!result.ok && launch.remove !== undefined) await runCommand(launch.remove, { env });
  return result;
}
