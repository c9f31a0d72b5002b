import type { Target, Upstream } from "../../cli/build/model.ts";
import { AutoscaleError } from "../../cli/errors.ts";
import { timeoutView } from "./route-view.ts";

/** APISIX uses the highest priority first, gateway.yaml the lowest. */
function nodeView({ host, port, weight, priority }: Target): object {
  return { host: host.includes(":") ? `[${host}]` : host, port, weight, priority: 0 - priority };
}

/**
 * One entry of `upstreams` in apisix.yaml. Its id is the upstream's name, which plugins send requests to.
 * @throws AutoscaleError when it has no targets
 */
export function upstreamView(upstream: Upstream): object {
  const { name, protocol, targets, retries, keepalive, timeouts } = upstream;
  if (targets.length === 0) {
    throw new AutoscaleError({
      code: "E_APISIX_DISCOVERY",
      path: `upstreams.${name}.discovery`,
      message: "found peers in a file only, which APISIX does not read",
      remedy: "Give it targets, or use APISIX's own discovery.",
    });
  }
  return {
    id: name,
    name,
    type: "roundrobin",
    scheme: protocol,
    nodes: targets.map(nodeView),
    retries: retries.attempts,
    timeout: timeoutView(timeouts),
    keepalive_pool: { size: Math.max(1, keepalive.connections), idle_timeout: keepalive.idleSeconds },
    pass_host: "pass",
  };
}
