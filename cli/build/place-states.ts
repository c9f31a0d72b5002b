/** Where the instances of plugins stand, and what they have in common there. */
import type { Place } from "../../plugins/_kit/handlers.ts";
import type { Manifest, SharedState } from "../../plugins/_kit/manifest.ts";
import type { Gateway, Route } from "./model.ts";

/** What a use of a plugin has in common with others of the same name. */
export function statesOf(
  manifest: Manifest,
  config: Readonly<Record<string, unknown>>,
  place: Place,
): readonly SharedState[] {
  const own = manifest.stateName?.(config, place);
  const whole = manifest.stateConfig === undefined ? config : manifest.stateConfig(config);
  return [...(own === undefined ? [] : [{ name: own, config: whole }]), ...(manifest.sharedStates?.(config) ?? [])];
}

/** Where an instance on that route stands, as far as the build knows. */
export function placeOf(gateway: Gateway, route: Route): Place {
  const upstream = gateway.upstreams.find(({ name }) => name === route.upstream);
  return {
    route: route.name,
    upstream: route.upstream,
    peers: (upstream?.targets ?? []).map(({ host, port }) =>
      host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`,
    ),
  };
}
