import { setTimeout as sleep } from "node:timers/promises";
import type { DockerApi } from "./docker-api.ts";

const PAUSE_MS = 500;

/**
 * Runs the health checks of all containers of a project again and again: Podman leaves that to systemd's timers, which
 * a service of our own does not have.
 *
 * @param project the Compose project
 * @returns what ends it
 */
export function startHealthTicker(api: DockerApi, project: string): () => Promise<void> {
  let stopped = false;
  const loop = async (): Promise<void> => {
    while (!stopped) {
      const ids = await api.containersOf(project);
      await Promise.all(ids.map((id) => api.checkHealth(id)));
      await sleep(PAUSE_MS);
    }
  };
  const ended = loop();
  return () => {
    stopped = true;
    return ended;
  };
}
