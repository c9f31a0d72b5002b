/**
 * What a row of probes says of a peer. Thresholds as in Envoy's active health checking (`handleSuccess` and `setUnhealthy` of
 * source/common/upstream/health_checker_base_impl.cc): only so many results in a row change its mind, but the very first one
 * decides at once. Envoy takes a new host for unhealthy until then; here it is taken for healthy, so that a peer which
 * discovery has found need not wait for a probe, and its first failure takes it out.
 */
interface ProbeState {
  unhealthy: boolean;
  /** No result yet: the next one decides. */
  isNew: boolean;
  /** Results in a row that speak against what it is taken for. */
  against: number;
}

/** @param isKnown somebody probed it before, and it is `unhealthy` or not on good grounds */
function newProbeState(isKnown: boolean, unhealthy: boolean): ProbeState {
  return { unhealthy, isNew: !isKnown, against: 0 };
}

/**
 * Takes one result.
 * @param atOnce the peer itself said that it is down, or up: no threshold (as Envoy's x-envoy-immediate-health-check-fail)
 * @param healthyAfter successes in a row that make it healthy, from 1
 * @param unhealthyAfter failures in a row that make it unhealthy, from 1
 * @returns true when it is something else than before
 */
function takeProbe(
  state: ProbeState,
  succeeded: boolean,
  atOnce: boolean,
  healthyAfter: number,
  unhealthyAfter: number,
): boolean {
  const decides = state.isNew || atOnce;
  state.isNew = false;
  if (succeeded !== state.unhealthy) {
    state.against = 0;
    return false;
  }
  state.against += 1;
  if (!decides && state.against < (succeeded ? healthyAfter : unhealthyAfter)) {
    return false;
  }
  state.unhealthy = !succeeded;
  state.against = 0;
  return true;
}

export { newProbeState, takeProbe };
export type { ProbeState };
