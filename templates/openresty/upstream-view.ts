/** Which `upstream` blocks there are: nginx picks the peer where it can, Lua where a plugin has a say. */
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";
import type { Target, Upstream } from "../../cli/build/model.ts";
import { isBalanced } from "../_shared/balanced.ts";
import { routeId, upstreamId } from "./names.ts";

interface ServerLine {
  readonly address: string;
  readonly weight: number;
  readonly backup: boolean;
}

/** One `upstream` block; `balance` names the Lua function that picks, absent when nginx picks. */
export interface UpstreamBlock {
  readonly id: string;
  readonly name: string;
  readonly balance: string | false;
  readonly servers: readonly ServerLine[];
  readonly connections: number;
  readonly idleSeconds: number;
}

export function hostPort(target: Pick<Target, "host" | "port">): string {
  return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
}

export function findUpstream(plan: Plan, name: string): Upstream {
  const found = plan.gateway.upstreams.find((upstream) => upstream.name === name);
  if (found === undefined) throw new Error(`no upstream ${name}`);
  return found;
}

/** The block that a route's own requests go through. */
export function blockOfRoute(plan: Plan, planned: PlannedRoute): string {
  const upstream = findUpstream(plan, planned.route.upstream);
  const id = upstreamId(plan, upstream.name);
  return isBalanced(plan, upstream) ? `autoscale_${id}_of_${routeId(plan, planned)}` : `autoscale_${id}`;
}

/** The block that requests sent from elsewhere go through: no route's plugins have a say in it. */
export function blockOfUpstream(plan: Plan, upstream: string): string {
  return `autoscale_${upstreamId(plan, upstream)}`;
}

function serverLines(upstream: Upstream): ServerLine[] {
  const first = Math.min(...upstream.targets.map((target) => target.priority));
  return upstream.targets.map((target) => ({
    address: hostPort(target),
    weight: target.weight,
    backup: target.priority > first,
  }));
}

/** All blocks, in the order of gateway.yaml. */
export function upstreamBlocks(plan: Plan): UpstreamBlock[] {
  return plan.gateway.upstreams.flatMap((upstream) => {
    const balanced = isBalanced(plan, upstream);
    const common = {
      name: upstream.name,
      servers: balanced ? [] : serverLines(upstream),
      connections: upstream.keepalive.connections,
      idleSeconds: upstream.keepalive.idleSeconds,
    };
    const own = {
      ...common,
      id: blockOfUpstream(plan, upstream.name),
      balance: balanced && (`autoscale_balance_${upstreamId(plan, upstream.name)}` as const),
    };
    if (!balanced) return [own];
    const perRoute = plan.routes
      .filter((planned) => planned.route.upstream === upstream.name)
      .map((planned) => ({
        ...common,
        id: blockOfRoute(plan, planned),
        balance: `autoscale_balance_${routeId(plan, planned)}`,
      }));
    return [own, ...perRoute];
  });
}
