import type { TestProject } from "vitest/node";
import { openContainerHost, type ContainerHost } from "../harness/container-host/container-host.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** How the tests of the containers lane reach containers, or why they cannot. */
    containers: { readonly env: Record<string, string>; readonly image: string } | { readonly reason: string };
  }
}

/** Opens the container host for the lane, and closes it when the lane is done. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let host: ContainerHost;
  try {
    host = await openContainerHost(process.env);
  } catch (error) {
    const reason = (error as Error).message;
    console.log(`containers lane: every test is skipped: ${reason}`);
    project.provide("containers", { reason });
    return () => Promise.resolve();
  }
  console.log(`containers lane: ${host.isOurs ? "Podman" : "Docker"} with ${host.image}`);
  project.provide("containers", { env: { ...host.env }, image: host.image });
  return host.stop;
}
