import type { Problem } from "../../cli/errors.ts";
import type { Plan } from "../../cli/build/target.ts";
import { adminPort } from "./ports.ts";
import { scaledUpstreams } from "./upstream-scaling.ts";

/** What the manifests cannot do for this gateway.yaml as it is. */
export function warningsOf(plan: Plan): readonly Problem[] {
  if (adminPort(plan) !== undefined) return [];
  const lost = scaledUpstreams(plan).length > 0 ? "no Prometheus and no KEDA" : "no Prometheus";
  const has =
    plan.gateway.admin === undefined ? "no admin server" : `the admin server at ${plan.gateway.admin.address}`;
  return [
    {
      code: "W_KUBERNETES_ADMIN",
      path: "admin",
      message: `found ${has}, which ${lost} can reach in a pod`,
      remedy: "Write admin: { address: 0.0.0.0, token: ... }; reading needs no token, writing does.",
    },
  ];
}
