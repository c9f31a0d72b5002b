import { openrestyImage } from "../../../cli/engine/images.ts";
import { ensureDebianImage, OPENRESTY_OF_DEBIAN } from "./debian-image.ts";
import { dockerApi, type DockerApi } from "./docker-api.ts";
import { startPodmanService, type ContainerService } from "./podman-service.ts";

/** What the containers lane runs on. */
export interface ContainerHost extends ContainerService {
  /** Our own service, which testcontainers must be told of; otherwise it finds Docker by itself. */
  readonly isOurs: boolean;
  /** An image with OpenResty, or with nginx and the Lua module. */
  readonly image: string;
}

/**
 * Docker when one answers, else Podman as root, with an image: the official one when a registry gives it, else one
 * made of Debian's packages. Throws when this machine cannot do that, with the reason.
 */
export async function openContainerHost(env: NodeJS.ProcessEnv): Promise<ContainerHost> {
  const docker = env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  const isOurs = !(await dockerApi(docker).ping());
  if (isOurs && process.getuid?.() !== 0)
    throw new Error("no Docker engine answers, and Podman's service needs root here");
  const service = isOurs ? await startPodmanService() : { host: docker, env: {}, stop: () => Promise.resolve() };
  try {
    return { ...service, isOurs, image: await ensureImage(dockerApi(service.host), openrestyImage(env)) };
  } catch (error) {
    await service.stop();
    throw error;
  }
}

/** A registry out of reach must not hold up the lane: it gets 20 seconds for a first word. */
async function ensureImage(api: DockerApi, official: string): Promise<string> {
  if (await api.hasImage(official)) return official;
  if (await api.hasImage(OPENRESTY_OF_DEBIAN.name)) return OPENRESTY_OF_DEBIAN.name;
  const pullFault = await api.pullImage(official, { firstByteSeconds: 20, allSeconds: 180 });
  if (pullFault === undefined) return official;
  try {
    await ensureDebianImage(api, OPENRESTY_OF_DEBIAN);
    return OPENRESTY_OF_DEBIAN.name;
  } catch (error) {
    const text = (error as Error).message;
    throw new Error(`no image: pulling ${official} failed (${pullFault}), and ${text}`, { cause: error });
  }
}
