/** Kong's Services and Upstreams. Timeouts belong to a Service in Kong, so routes with times of their own have one of their own. */
import { isIP } from "node:net";
import type { Timeouts, Upstream } from "../../cli/build/model.ts";
import type { Plan, PlannedRoute } from "../../cli/build/target.ts";
import { AutoscaleError } from "../../cli/errors.ts";
import { BALANCER, isBalanced } from "../_shared/balanced.ts";
import { entityId } from "./entity-id.ts";
import { TAGS } from "./tags.ts";

const milliseconds = (seconds: number): number => Math.max(1, Math.round(seconds * 1000));

function upstreamOf(plan: Plan, name: string): Upstream {
  const found = plan.gateway.upstreams.find((upstream) => upstream.name === name);
  if (found === undefined) throw new Error(`no upstream ${name}`);
  return found;
}

function sameTimeouts(a: Timeouts, b: Timeouts): boolean {
  return a.connectSeconds === b.connectSeconds && a.sendSeconds === b.sendSeconds && a.readSeconds === b.readSeconds;
}

/** Whether the route's peers speak gRPC. */
export function isGrpc(plan: Plan, { route }: PlannedRoute): boolean {
  return upstreamOf(plan, route.upstream).protocol === "grpc";
}

/** Whether the route needs a Service apart from its upstream's. */
export function hasOwnService(plan: Plan, { route }: PlannedRoute): boolean {
  return !sameTimeouts(route.timeouts, upstreamOf(plan, route.upstream).timeouts);
}

/** The name of the route's Service: that of its upstream, where it can be. */
function serviceName(plan: Plan, planned: PlannedRoute): string {
  const { name, upstream } = planned.route;
  return hasOwnService(plan, planned) ? `${upstream}~${name}` : upstream;
}

/** The id of the route's Service. */
export function serviceId(plan: Plan, planned: PlannedRoute): string {
  return entityId("service", serviceName(plan, planned));
}

/** Where our plugin picks the peers, it is on every Service that leads to them. */
function balancers(plan: Plan, service: string, upstream: Upstream): object[] {
  if (!isBalanced(plan, upstream)) return [];
  return [
    {
      id: entityId("plugin of a service", service, BALANCER),
      name: BALANCER,
      tags: TAGS,
      protocols: upstream.protocol === "grpc" ? ["grpc", "grpcs"] : ["http", "https"],
      config: { mode: "enforce", ...upstream.dynamic },
    },
  ];
}

function service(plan: Plan, name: string, upstream: Upstream, timeouts: Timeouts): object {
  const { protocol } = upstream;
  const plugins = balancers(plan, name, upstream);
  return {
    id: entityId("service", name),
    name,
    tags: TAGS,
    // The Upstream below, never an address: Kong could then neither send a request elsewhere nor try another peer.
    host: upstream.name,
    port: protocol === "https" ? 443 : 80,
    protocol,
    connect_timeout: milliseconds(timeouts.connectSeconds),
    write_timeout: milliseconds(timeouts.sendSeconds),
    read_timeout: milliseconds(timeouts.readSeconds),
    retries: upstream.retries.attempts,
    ...(plugins.length > 0 && { plugins }),
  };
}

/** One Service for each upstream, and one for each route with timeouts of its own. */
export function services(plan: Plan): object[] {
  const own = plan.routes.filter((planned) => hasOwnService(plan, planned));
  return [
    ...plan.gateway.upstreams.map((upstream) => service(plan, upstream.name, upstream, upstream.timeouts)),
    ...own.map((planned) => {
      const { route } = planned;
      return service(plan, serviceName(plan, planned), upstreamOf(plan, route.upstream), route.timeouts);
    }),
  ];
}

function assertName(upstream: Upstream): void {
  if (isIP(upstream.name) === 0 && /^[A-Za-z0-9_]/.test(upstream.name) && !/\.\.|\.$/.test(upstream.name)) return;
  throw new AutoscaleError({
    code: "E_KONG_NAME",
    path: `upstreams.${upstream.name}`,
    message: `found upstream ${JSON.stringify(upstream.name)}, allowed for Kong: what could be a host name`,
    remedy: "Give it a name of letters, digits, _, . and - that begins with a letter.",
  });
}

/** The peers that are used first: Kong has no others. None where all are found by our plugin. */
function firstTargets({ targets }: Upstream): Upstream["targets"] {
  const first = Math.min(...targets.map(({ priority }) => priority));
  return targets.filter(({ priority }) => priority === first);
}

/** One Upstream for each of gateway.yaml's. */
export function upstreams(plan: Plan): object[] {
  return plan.gateway.upstreams.map((upstream) => {
    assertName(upstream);
    const { name } = upstream;
    return {
      id: entityId("upstream", name),
      name,
      tags: TAGS,
      algorithm: "round-robin",
      targets: firstTargets(upstream).map(({ host, port, weight }) => {
        const target = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
        return { id: entityId("target", name, target), target, weight, tags: TAGS };
      }),
    };
  });
}
