/**
 * Upstreams whose peers a plugin picks by itself (`Handlers.balancer`). The nodes that APISIX knows of them only stand in: our
 * pick takes the place of APISIX's for the first try, and our picker that of APISIX's for the retries of the request.
 */
import { get_last_failure } from "ngx.balancer";
import { answeredStatus } from "../../../nginx/runtime/failed-try.ts";
import type { Balancer } from "../../../plugins/_kit/balancer.ts";
import type { Context } from "../../../plugins/_kit/context.ts";
import type { PeerAddress } from "../../../plugins/_kit/decision.ts";
import type { BalancerPicker, Binding } from "./binding.ts";
import { select } from "./node-pool.ts";
import { type PeerServer, serverOf, takeOver, use } from "./picked-server.ts";

/** With one node only APISIX asks no picker before a retry. Nothing is ever sent to these. */
const STAND_INS: readonly ApisixNode[] = [
  { host: "127.0.0.1", port: 1, weight: 1, priority: 0 },
  { host: "127.0.0.1", port: 2, weight: 1, priority: 0 },
];

/** What APISIX goes by for one request: the upstream as it is, but for who is asked for peers and how often. */
function withRetries(upstream: ApisixUpstream, retries: number): ApisixUpstream {
  const own: ApisixUpstream = { nodes: STAND_INS, type: "roundrobin", retries };
  return setmetatable(own, { __index: upstream });
}

export function createBalancerPicker(balancer: Balancer, context: Context): BalancerPicker {
  const servers = setmetatable(new LuaMap<PeerAddress, PeerServer>(), { __mode: "k" });
  /** By the number of retries; made of the upstream that requests were last sent to. */
  let made = new LuaMap<number, ApisixUpstream>();
  let madeOf: ApisixUpstream | undefined;

  function server(peer: PeerAddress, scheme: string | undefined): PeerServer {
    let found = servers.get(peer);
    if (found === undefined) {
      found = serverOf(peer, scheme);
      servers.set(peer, found);
    }
    return found;
  }

  function exclude(request: ApisixContext): void {
    balancer.begin();
    for (const binding of (request.autoscale_selectors ?? []) as Binding[]) {
      select(binding, balancer);
    }
  }

  const picker: ApisixServerPicker = {
    get: (request) => {
      const [, status] = get_last_failure();
      exclude(request);
      const peer = balancer.next(context, answeredStatus(status));
      if (peer === undefined) {
        return $multi(undefined, "no more tries are allowed now, or no peer takes requests");
      }
      return $multi(server(peer, request.upstream_scheme).address);
    },
    addr_to_domain: {},
  };

  function first(request: ApisixContext): PeerAddress | undefined {
    const chosen = request.autoscale_peer;
    if (chosen !== undefined && !balancer.blocks(chosen.host, chosen.port)) {
      balancer.chosen(context, chosen);
      return chosen;
    }
    const peer = balancer.first(context);
    return peer;
  }

  function retrying(upstream: ApisixUpstream, retries: number): ApisixUpstream {
    if (upstream !== madeOf) {
      madeOf = upstream;
      made = new LuaMap();
    }
    let found = made.get(retries);
    if (found === undefined) {
      found = withRetries(upstream, retries);
      made.set(retries, found);
    }
    return found;
  }

  return {
    pick: (request) => {
      exclude(request);
      const peer = first(request);
      if (peer === undefined) {
        return false;
      }
      const upstream = request.autoscale_upstream ?? request.upstream_conf;
      if (upstream !== undefined) {
        request.autoscale_upstream = upstream;
        request.upstream_conf = retrying(upstream, balancer.moreTries(context));
      }
      takeOver(request, picker);
      use(request, server(peer, request.upstream_scheme));
      return true;
    },
  };
}
