import type { Adaptation } from "./adaptation.ts";

/** Limits as they are configured, whatever happens. */
export function steadyAdaptation(route: string): Adaptation {
  return {
    version: () => 0,
    shareOf: () => 1,
    surges: () => false,
    observe: undefined,
    replicas: () => 1,
    resource: { collection: "limits", id: route, get: () => ({}) },
    metrics: () => undefined,
    end: () => undefined,
  };
}
