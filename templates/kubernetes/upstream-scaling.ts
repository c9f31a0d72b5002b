/** Which Deployments are scaled by what the gateway sees of their upstream. */
import { AutoscaleError } from "../../cli/errors.ts";
import type { ScaledDeployment } from "../../cli/build/model.ts";
import type { Plan } from "../../cli/build/target.ts";
import { dnsLabels, isLabelValue } from "./names.ts";

/** `autoscale` of the plugin endpoint-metrics, as its schema fills it in. */
export interface Autoscale {
  readonly metric: "rps" | "in_flight" | "latency_p99";
  /** What one replica bears; seconds for latency_p99. */
  readonly target: number;
  readonly min: number;
  readonly max: number;
  readonly scale_up_stabilization_seconds: number;
  readonly scale_down_stabilization_seconds: number;
}

export interface ScaledUpstream {
  readonly upstream: string;
  /** A DNS label: what its objects are called. */
  readonly label: string;
  readonly deployment: Required<ScaledDeployment>;
  readonly autoscale: Autoscale;
}

const PLUGIN = "endpoint-metrics";

/** All routes to one upstream say the same, the plugin sees to that: the first is as good as any. */
function autoscaleOf(plan: Plan, upstream: string): Autoscale | undefined {
  const uses = plan.routes.filter(({ route }) => route.upstream === upstream).flatMap(({ plugins }) => plugins);
  const configs = uses.filter(({ name }) => name === PLUGIN).map(({ config }) => config as { autoscale?: Autoscale });
  return configs.find(({ autoscale }) => autoscale !== undefined)?.autoscale;
}

/**
 * Every upstream with `autoscale`, those apart whose deployment is `false`.
 * @throws AutoscaleError when Kubernetes could not select the upstream's metrics by its name
 */
export function scaledUpstreams(plan: Plan): readonly ScaledUpstream[] {
  const { kubernetes, upstreams } = plan.gateway;
  const labels = dnsLabels(upstreams.map(({ name }) => name));
  const found = upstreams.flatMap(({ name }): ScaledUpstream[] => {
    const autoscale = autoscaleOf(plan, name);
    const label = labels.get(name) ?? name;
    const deployment = kubernetes.deployments[name] ?? { name: label };
    if (autoscale === undefined || deployment === false) return [];
    return [{ upstream: name, label, deployment: { namespace: kubernetes.namespace, ...deployment }, autoscale }];
  });
  refuseUnselectable(found);
  return found;
}

function refuseUnselectable(found: readonly ScaledUpstream[]): void {
  const wrong = found.filter(({ upstream }) => !isLabelValue(upstream));
  if (wrong.length === 0) return;
  throw new AutoscaleError(
    wrong.map(({ upstream }) => ({
      code: "E_KUBERNETES_LABEL",
      path: `upstreams.${upstream}`,
      message: `found ${upstream}, which no HorizontalPodAutoscaler can select metrics by, allowed: at most 63 characters, a letter or digit first and last`,
      remedy: "Rename the upstream, or write kubernetes.deployments with false for it.",
    })),
  );
}
