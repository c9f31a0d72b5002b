/** Tab in real shells. Those that are not installed are skipped by name. */
import { execFile, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { startAdminFake, type AdminFake } from "../test/harness/admin-fake.ts";
import { buildLib, CLI, runCli } from "../test/harness/cli.ts";
import { hasPty, startPty } from "../test/harness/pty.ts";
import { temporaryFiles } from "../test/harness/temporary-files.ts";

beforeAll(buildLib, 180_000);

const has = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

let fake: AdminFake;
let folder: string;
beforeEach(async () => {
  fake = await startAdminFake();
  onTestFinished(() => fake.stop());
  folder = temporaryFiles({ "event.json": "{}", "out/x": "", "autoscale-lua": `#!/bin/sh\nexec node ${CLI} "$@"\n` });
  chmodSync(join(folder, "autoscale-lua"), 0o755);
});

const env = (): Record<string, string> => ({
  PATH: `${folder}:${process.env["PATH"] ?? ""}`,
  AUTOSCALE_ADMIN: fake.url,
  HOME: folder,
});

describe.skipIf(!has("bash"))(has("bash") ? "bash" : "bash (not on PATH)", () => {
  const bash = async (...args: string[]): Promise<string> => {
    return (await promisify(execFile)("bash", ["--norc", "-c", ...args], { cwd: folder, env: env() })).stdout;
  };

  /** What Tab offers after this line. */
  async function tab(line: string): Promise<string[]> {
    const script = `
      source <(autoscale-lua completion bash)
      COMP_LINE=$1 COMP_POINT=\${#1}
      read -r -a COMP_WORDS <<< "$1"; COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
      _autoscale_lua autoscale-lua
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return (await bash(script, "bash", line)).trim().split("\n");
  }

  test("the script loads, and completes this program", async () => {
    const told = await bash("set -u; source <(autoscale-lua completion bash); complete -p autoscale-lua");
    expect(told).toBe("complete -F _autoscale_lua autoscale-lua\n");
  });

  test.each([
    ["autoscale-lua con", ["control"]],
    ["autoscale-lua control ", ["breaker", "peer", "limit", "event", "help"]],
    ["autoscale-lua build --eng", ["--engine"]],
    ["autoscale-lua build --engine ngi", ["nginx"]],
    ["autoscale-lua build --target=kong,ap", ["kong,apisix"]],
    ["autoscale-lua control breaker route:users o", ["open"]],
    ["autoscale-lua control event ev", ["event.json"]],
    ["autoscale-lua build --out o", ["out"]],
    ["autoscale-lua nonsense x", [""]],
    // What bash takes for words of their own, up to the last colon, is not in the answers.
    ["autoscale-lua control breaker route:", ["orders", "users"]],
    ["autoscale-lua control peer users 10.0.0.1:", ["8080"]],
  ])("%j", async (line, offered) => {
    expect(await tab(line)).toEqual(offered);
  });

  test("names of a gateway that does not answer are none", async () => {
    fake.override = (_, response) => response.writeHead(500).end();
    expect(await tab("autoscale-lua control breaker ")).toEqual([""]);
  });
});

describe.skipIf(!hasPty)(hasPty ? "at a prompt" : "at a prompt (no script of util-linux here)", () => {
  const RC = {
    bash: "PS1='ready> '; source <(autoscale-lua completion bash)",
    zsh: "PS1='ready> '; autoload -Uz compinit; compinit -u; source <(autoscale-lua completion zsh)",
    fish: "function fish_prompt; echo 'ready> '; end; autoscale-lua completion fish | source",
  };
  const START = { bash: "bash --rcfile rc.bash -i", zsh: "zsh -i", fish: "fish --private -C 'source rc.fish'" };
  const shells = Object.keys(START) as (keyof typeof START)[];

  for (const shell of shells) {
    test.skipIf(!has(shell))(has(shell) ? shell : `${shell} (not on PATH)`, async () => {
      // What is typed is shown and not done.
      const show = `case "$1" in complet*) exec node ${CLI} "$@" ;; esac; echo "RAN<$*>"`;
      writeFileSync(join(folder, "autoscale-lua"), `#!/bin/sh\n${show}\n`);
      writeFileSync(join(folder, shell === "zsh" ? ".zshrc" : `rc.${shell}`), `${RC[shell]}\n`);
      const pty = startPty(START[shell], { cwd: folder, env: env() });
      await pty.until(/ready>/);
      pty.type("autoscale-lua con\tbr\troute:u\tcl\t");
      await pty.until(/closed/);
      pty.type("\n");
      expect(await pty.until(/RAN<[^>]*>/)).toContain("RAN<control breaker route:users closed>");
      pty.type("exit\n");
      await pty.exitCode;
    });
  }
});

test("an unknown shell is wrong usage, and names those that are known", async () => {
  const { code, stderr } = await runCli(["completion", "csh"], { cwd: temporaryFiles({}) });
  expect([code, stderr]).toEqual([2, expect.stringContaining("Allowed choices are bash, zsh, fish")]);
});
