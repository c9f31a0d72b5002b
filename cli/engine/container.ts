import { randomBytes } from "node:crypto";
import { findExecutable } from "./executable.ts";
import { openrestyImage } from "./images.ts";
import { CONTAINER_LAUNCHER } from "./container-launcher.ts";
import { runCommand } from "./run-command.ts";
import type { Engine, EngineSearch } from "./types.ts";

const PULL_TIMEOUT_SECONDS = 300;

/**
 * Docker or Podman with the OpenResty image.
 *
 * @param options.pull fetch the image when it is not there yet (up to five minutes); otherwise that is a reason for none
 */
export async function findContainer(
  env: NodeJS.ProcessEnv,
  options: { readonly pull: boolean },
): Promise<EngineSearch> {
  const reasons: string[] = [];
  for (const tool of ["docker", "podman"] as const) {
    const search = await tryTool(tool, env, options.pull);
    if ("engine" in search) return search;
    reasons.push(search.reason);
  }
  return { reason: reasons.join("; ") };
}

async function tryTool(tool: "docker" | "podman", env: NodeJS.ProcessEnv, pull: boolean): Promise<EngineSearch> {
  const file = findExecutable(tool, env);
  if (file === undefined) return { reason: `no "${tool}" on PATH` };
  const info = await runCommand({ file, args: ["info"] }, { env, timeoutSeconds: 20 });
  if (!info.ok) return { reason: `"${tool} info" failed: ${lastLine(info.output)}` };

  const image = openrestyImage(env);
  const present = await runCommand({ file, args: ["image", "inspect", image] }, { env });
  if (!present.ok) {
    if (!pull) return { reason: `${tool} has no image ${image} yet` };
    const pulled = await runCommand({ file, args: ["pull", image] }, { env, timeoutSeconds: PULL_TIMEOUT_SECONDS });
    if (!pulled.ok) return { reason: `"${tool} pull ${image}" failed: ${lastLine(pulled.output)}` };
  }
  return { engine: containerEngine(tool, file, image) };
}

/** The bundle is mounted at its own path, so that paths in its messages are right on the host too. */
function containerEngine(tool: "docker" | "podman", file: string, image: string): Engine {
  return {
    kind: "container",
    describe: `${image} in ${tool} (${file})`,
    loadModules: "",
    launch(prefix, args, directives = "") {
      const name = `autoscale-lua-${randomBytes(6).toString("hex")}`;
      const run = ["run", "--rm", "--name", name, "--network", "host", ...userArguments(tool)];
      const mount = ["--volume", `${prefix}:${prefix}`, "--workdir", prefix];
      const nginx = ["-c", CONTAINER_LAUNCHER, "sh", directives, "-p", prefix, "-c", "conf/nginx.conf", ...args];
      return {
        file,
        args: [...run, ...mount, "--entrypoint", "/bin/sh", image, ...nginx],
        remove: { file, args: ["rm", "--force", name] },
      };
    },
  };
}

/** As the caller, so that logs and temporary files in the bundle belong to the one who built it. */
function userArguments(tool: "docker" | "podman"): string[] {
  const uid = process.getuid?.() ?? 0;
  if (uid === 0) return [];
  const user = ["--user", `${uid}:${process.getgid?.() ?? uid}`];
  return tool === "podman" ? ["--userns", "keep-id", ...user] : user;
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
