import { describe, inject } from "vitest";

const provided = inject("containers");

// testcontainers reads these when it is first used, in the process of the tests.
if ("env" in provided) Object.assign(process.env, provided.env);

/** The image with OpenResty, or with nginx and the Lua module, that the lane runs on. */
export const containerImage = "image" in provided ? provided.image : "";

/** Why no container runs here, or undefined. */
export const noContainers = "reason" in provided ? provided.reason : undefined;

/** `describe` where containers run; elsewhere its tests are skipped, and the name says why. */
export function describeWithContainers(name: string, body: () => void): void {
  if ("reason" in provided) describe.skip(`${name} (no containers here: ${provided.reason})`, body);
  else describe(name, body);
}
