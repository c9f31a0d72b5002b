import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GenericContainer, type StartedNetwork, type StartedTestContainer, Wait } from "testcontainers";
import { containerImage } from "./containers.ts";
import { type Manifest, objectOf, podFolders } from "./kubernetes-pod.ts";

/** Stands in for `openresty` where the image has nginx with the Lua module as a module to load. */
const OPENRESTY = `#!/bin/sh
[ -x /usr/local/openresty/bin/openresty ] && exec /usr/local/openresty/bin/openresty "$@"
modules=/usr/lib/nginx/modules
load="load_module $modules/ndk_http_module.so; load_module $modules/ngx_http_lua_module.so;"
before=
for word do
  shift
  if [ "$before" = -g ]; then set -- "$@" "$load $word"; else set -- "$@" "$word"; fi
  before=$word
done
exec nginx "$@"
`;

/** What testcontainers has no word for. */
class HardenedContainer extends GenericContainer {
  withReadOnlyRoot(): this {
    this.hostConfig.ReadonlyRootfs = true;
    return this;
  }
}

/**
 * Runs the Deployment's container as its pod template says: command, user, rights, read-only root, volumes with the files of
 * the ConfigMaps and Secrets.
 * @param folder of this machine, for what the kubelet would mount
 */
export async function startDeployment(
  objects: readonly Manifest[],
  folder: string,
  network: StartedNetwork,
): Promise<StartedTestContainer> {
  const pod = objectOf(objects, "Deployment")["spec"].template.spec as Manifest;
  const spec = pod["containers"][0] as Manifest;
  const { runAsUser, runAsGroup } = pod["securityContext"] as { runAsUser: number; runAsGroup: number };
  const rights = spec["securityContext"] as Manifest;
  const openresty = join(folder, "openresty");
  writeFileSync(openresty, OPENRESTY);
  chmodSync(openresty, 0o755);
  const [program, ...words] = spec["command"] as string[];
  const container = new HardenedContainer(containerImage)
    .withNetwork(network)
    .withUser(`${String(runAsUser)}:${String(runAsGroup)}`)
    .withEntrypoint([program ?? ""])
    .withCommand(words)
    .withWorkingDir(spec["workingDir"] as string)
    .withDroppedCapabilities(...(rights["capabilities"].drop as string[]))
    .withSecurityOpt("no-new-privileges")
    .withExposedPorts(...(spec["ports"] as { containerPort: number }[]).map(({ containerPort }) => containerPort))
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(60_000);
  if (rights["readOnlyRootFilesystem"] === true) container.withReadOnlyRoot();
  const mounts = [
    ...mountsOf(objects, folder),
    { source: openresty, target: "/usr/local/bin/openresty", mode: "ro" as const },
  ];
  container.withBindMounts(mounts);
  let printed = "";
  container.withLogConsumer((stream) => stream.on("data", (line: Buffer | string) => (printed += String(line))));
  return container.start().catch((error: unknown) => {
    throw new Error(`${(error as Error).message}\n${printed}`, { cause: error });
  });
}

/** Folders to write to are anybody's, as an emptyDir is. */
function mountsOf(objects: readonly Manifest[], folder: string) {
  return [...podFolders(objects)].map(([target, files], index) => {
    const source = join(folder, String(index));
    mkdirSync(source, { recursive: true });
    if (files.size === 0) chmodSync(source, 0o777);
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), bytes);
    }
    return { source, target, mode: files.size === 0 ? ("rw" as const) : ("ro" as const) };
  });
}
