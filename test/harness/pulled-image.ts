import { getContainerRuntimeClient, ImageName } from "testcontainers";
import { describe } from "vitest";
import { describeWithContainers, noContainers } from "./containers.ts";

/** Why the image cannot be had, or undefined when it is here. */
async function pullProblem(image: string): Promise<string | undefined> {
  const client = await getContainerRuntimeClient();
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return undefined;
  const thrown = await client.image.pull(name).then(
    () => "no registry gives it",
    (error: unknown) => String(error),
  );
  // Podman tells of a failed pull only in what it prints meanwhile.
  return (await client.image.exists(name)) ? undefined : thrown;
}

/** `describe` where containers run and the image can be had; elsewhere its tests are skipped, and the name says why. */
export async function describeWithImage(name: string, image: string, body: () => void): Promise<void> {
  const problem = noContainers === undefined ? await pullProblem(image) : undefined;
  if (problem === undefined) describeWithContainers(name, body);
  else describe.skip(`${name} (${image} cannot be had: ${problem})`, body);
}
