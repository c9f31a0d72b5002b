import { upstreams } from "apisix.upstream";
import type { Place } from "../../../plugins/_kit/handlers.ts";

/** The upstream of that id, or undefined. */
export function findUpstream(id: string): ApisixUpstream | undefined {
  const found = upstreams();
  if (found !== undefined) {
    for (const item of found) {
      if (item !== false && tostring(item.value.id) === id) {
        return item.value;
      }
    }
  }
  return undefined;
}

function peersOf(upstream: ApisixUpstream | undefined): readonly string[] {
  const peers: string[] = [];
  const nodes = upstream === undefined ? undefined : upstream.nodes;
  if (nodes === undefined) {
    return peers;
  }
  for (const [key, node] of pairs(nodes as Record<string, ApisixNode | number>)) {
    peers.push(type(node) === "table" ? `${(node as ApisixNode).host}:${tostring((node as ApisixNode).port)}` : key);
  }
  return peers;
}

/**
 * Where a plugin stands: state is kept by the route's id, which stays when configurations are pushed. A route with nodes of
 * its own is an upstream of its own.
 */
export function placeOf(route: ApisixRoute): Place {
  const id = tostring(route.id);
  if (route.upstream === undefined && route.upstream_id !== undefined) {
    const upstream = tostring(route.upstream_id);
    return { route: id, upstream, peers: peersOf(findUpstream(upstream)) };
  }
  return { route: id, upstream: id, peers: peersOf(route.upstream) };
}
