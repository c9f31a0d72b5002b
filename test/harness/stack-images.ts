import { openrestyImage } from "../../cli/engine/images.ts";
import { ensureDebianImage } from "./container-host/debian-image.ts";
import type { DockerApi } from "./container-host/docker-api.ts";
import { STACK_OF_DEBIAN } from "./container-host/stack-image.ts";

/** Which image each service of docker-compose.yml names, by the variable that names another. */
export type ImagesByVariable = ReadonlyMap<string, string>;

/** `image: ${NODE_IMAGE:-docker.io/library/node:20}`, each once. */
export function imagesOf(composeText: string): ImagesByVariable {
  const found = [...composeText.matchAll(/^\s*image: \$\{([A-Z_]+):-(\S+)\}$/gm)];
  return new Map(found.map(([, variable = "", image = ""]) => [variable, image]));
}

export interface StackImages {
  /** For Compose: the image of each variable. */
  readonly env: Readonly<Record<string, string>>;
  /** Why Grafana is left out, or undefined. */
  readonly noGrafana: string | undefined;
}

/**
 * The official images where they are here or a registry gives them; else one image of Debian's packages, which has all
 * programs but Grafana.
 *
 * @param laneImage what the lane's other tests run on: the official one says that a registry was in reach
 */
export async function stackImages(api: DockerApi, images: ImagesByVariable, laneImage: string): Promise<StackImages> {
  const mayPull = laneImage === openrestyImage(process.env);
  const env: Record<string, string> = {};
  let noGrafana: string | undefined;
  for (const [variable, pinned] of images) {
    const wanted = process.env[variable] ?? pinned;
    const problem = await problemOf(api, wanted, mayPull);
    if (problem === undefined) env[variable] = wanted;
    else if (variable === "GRAFANA_IMAGE") noGrafana = `${wanted}: ${problem}, and Debian has no Grafana`;
    else env[variable] = STACK_OF_DEBIAN.name;
  }
  if (Object.values(env).includes(STACK_OF_DEBIAN.name)) await ensureDebianImage(api, STACK_OF_DEBIAN);
  return { env, noGrafana };
}

async function problemOf(api: DockerApi, image: string, mayPull: boolean): Promise<string | undefined> {
  if (await api.hasImage(image)) return undefined;
  if (!mayPull) return "no registry in reach";
  return api.pullImage(image, { firstByteSeconds: 20, allSeconds: 180 });
}
