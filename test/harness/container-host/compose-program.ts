import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { debianProgram } from "./debian-program.ts";

const execute = promisify(execFile);

/** Debian 13: Compose 2.26, one program that runs on older systems too. */
const OF_DEBIAN = {
  package: "docker-compose",
  suite: "trixie",
  path: "usr/libexec/docker/cli-plugins/docker-compose",
} as const;

/** The words a Compose command line begins with. Throws, with the reason, when there is no Compose of version 2. */
export async function composeProgram(): Promise<readonly [string, ...string[]]> {
  const installed = [["docker", "compose"], ["docker-compose"]] as const;
  for (const command of installed) if (await isVersion2(command)) return command;
  const kept = await debianProgram(OF_DEBIAN);
  if (await isVersion2([kept])) return [kept];
  throw new Error(`${kept} does not run here`);
}

async function isVersion2([file, ...args]: readonly [string, ...string[]]): Promise<boolean> {
  const text = await execute(file, [...args, "version", "--short"], { timeout: 20_000 }).then(
    ({ stdout }) => stdout,
    () => "",
  );
  return /^v?[2-9]\./.test(text);
}
