import type { PackedModule, Plan, RenderTemplate, Target } from "../../cli/build/target.ts";
import { capabilities } from "./capabilities.ts";
import { carriedPlan } from "./carried-plan.ts";
import { roleBindings, roles, serviceAccount } from "./cluster-access.ts";
import { contentOf } from "./content.ts";
import { deployment } from "./deployment.ts";
import { disruptionBudget, gatewayAutoscaler } from "./gateway-scaling.ts";
import { adapterValues, upstreamAutoscaler } from "./hpa.ts";
import { installView } from "./install-view.ts";
import { scaledObject } from "./keda.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { manifestText } from "./manifest-text.ts";
import { adminPort } from "./ports.ts";
import { adminService, trafficService } from "./services.ts";
import { scaledUpstreams } from "./upstream-scaling.ts";
import { warningsOf } from "./warnings.ts";

type File = readonly [string, KubernetesObject];

/** What lets the gateways look for peers in the cluster. */
function accessFiles(plan: Plan): readonly File[] {
  const account = serviceAccount(plan);
  const of = (kind: string, objects: readonly KubernetesObject[]): readonly File[] => {
    return objects.map((object) => [`${kind}-${object.metadata.namespace}.yaml`, object]);
  };
  return [
    ...(account === undefined ? [] : [["14-serviceaccount.yaml", account] as const]),
    ...of("15-role", roles(plan)),
    ...of("16-rolebinding", roleBindings(plan)),
  ];
}

/** In the order that they are applied in. */
function gatewayFiles(plan: Plan, content: ReturnType<typeof contentOf>): readonly File[] {
  const single: readonly (readonly [string, KubernetesObject | undefined])[] = [
    ["20-service.yaml", trafficService(plan)],
    ["21-service-admin.yaml", adminService(plan)],
    ["30-deployment.yaml", deployment(plan, content)],
    ["40-poddisruptionbudget.yaml", disruptionBudget(plan)],
    ["41-horizontalpodautoscaler.yaml", gatewayAutoscaler(plan)],
  ];
  return [
    ...content.configMaps.map((object, index) => [`10-configmap-${index + 1}.yaml`, object] as const),
    ...content.secrets.map((object, index) => [`12-secret-${index + 1}.yaml`, object] as const),
    ...accessFiles(plan),
    ...single.flatMap(([file, object]) => (object === undefined ? [] : [[file, object] as const])),
  ];
}

function render(
  plan: Plan,
  template: RenderTemplate,
  _modules: readonly PackedModule[],
  carried: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> {
  const content = contentOf(plan, carried);
  const scaled = scaledUpstreams(plan);
  const admin = adminPort(plan);
  const files = new Map<string, string>();
  for (const [file, object] of gatewayFiles(plan, content)) files.set(file, manifestText(object));
  for (const one of scaled) {
    files.set(`autoscaling-hpa/${one.label}.yaml`, manifestText(upstreamAutoscaler(plan, one)));
    if (admin !== undefined) {
      files.set(`autoscaling-keda/${one.label}.yaml`, manifestText(scaledObject(plan, one, admin.port)));
    }
  }
  if (scaled.length > 0) files.set("prometheus-adapter/values.yaml", manifestText(adapterValues(scaled)));
  files.set("INSTALL.md", template("INSTALL.md", installView(plan, content, scaled)));
  return files;
}

const target: Target = {
  name: "kubernetes",
  description: "Manifests for kubectl: OpenResty with its bundle in ConfigMaps, and what scales it and its upstreams.",
  capabilities,
  luaFolder: "",
  runtimeFolders: [],
  carries: { target: "openresty", plan: carriedPlan },
  // `kubectl apply -f` takes every JSON file of the folder it is given.
  manifestFile: "bundle/manifest.json",
  luaModules: () => [],
  render,
  describe: (plan) => ({
    routes: plan.routes.map(({ route, plugins }) => ({
      name: route.name,
      upstream: route.upstream,
      plugins: plugins.map(({ name, shadow }) => ({ name, mode: shadow ? "shadow" : "enforce" })),
    })),
    scaled: scaledUpstreams(plan).map(({ upstream, deployment }) => ({ upstream, deployment })),
  }),
  warnings: warningsOf,
};

export default target;
