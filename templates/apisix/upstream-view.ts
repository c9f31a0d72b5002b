import type { Target, Upstream } from "../../cli/build/model.ts";
import { timeoutView } from "./route-view.ts";

/** APISIX uses the highest priority first, gateway.yaml the lowest. */
function nodeView({ host, port, weight, priority }: Target): object {
  return { host: host.includes(":") ? `[${host}]` : host, port, weight, priority: 0 - priority };
}

/**
 * APISIX wants a node where discovery alone finds the peers: the plugin dynamic-upstreams picks another one, or answers that
 * there is none.
 */
export const STAND_IN: Target = { host: "0.0.0.1", port: 80, weight: 1, priority: 0 };

/** One entry of `upstreams` in apisix.yaml. Its id is the upstream's name, which plugins send requests to. */
export function upstreamView(upstream: Upstream): object {
  const { name, protocol, targets, retries, keepalive, timeouts } = upstream;
  const nodes = targets.length === 0 ? [STAND_IN] : targets;
  return {
    id: name,
    name,
    type: "roundrobin",
    scheme: protocol,
    nodes: nodes.map(nodeView),
    retries: retries.attempts,
    timeout: timeoutView(timeouts),
    keepalive_pool: { size: Math.max(1, keepalive.connections), idle_timeout: keepalive.idleSeconds },
    pass_host: "pass",
  };
}
