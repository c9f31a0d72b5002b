/** Every object is one that Kubernetes and KEDA know, by their published schemas. */
import { describe, expect, test } from "vitest";
import { templateRenderer } from "../../cli/build/templates.ts";
import { appliedObjects, type Manifest, objectOf } from "../../test/harness/kubernetes-pod.ts";
import { schemaFaults, unknownFields } from "../../test/harness/kubernetes-schemas.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import target from "./target.ts";

const template = templateRenderer(new URL("./", import.meta.url));

const BUNDLE = new Map([
  ["conf/nginx.conf", "events {}\n"],
  ["lua/autoscale/gateway.lua", "return {}\n"],
  ["lua/autoscale/odd.lua", "return '\u2028'"],
]);

const EVERYTHING = `
listen:
  - { port: 80 }
  - { port: 8443, tls: { certificate: certs/site.pem, key: certs/site.key } }
admin: { address: 0.0.0.0, token: s3cret }
trusted_ca: certs/site.pem
upstreams:
  found: { discovery: { kubernetes: { service: found }, also: [{ kubernetes: { service: found, namespace: shop } }] } }
  users: { targets: ["users:8080"] }
  models: { targets: ["models:8080"] }
  slow: { targets: ["slow:8080"] }
routes:
  - { name: u, path: /u, upstream: users, plugins: { endpoint-metrics: { autoscale: { target: 100 } } } }
  - { name: m, path: /m, upstream: models, plugins: { endpoint-metrics: { autoscale: { metric: in_flight, target: 2.5, min: 0 } } } }
  - { name: s, path: /s, upstream: slow, plugins: { endpoint-metrics: { autoscale: { metric: latency_p99, target: 0.25 } } } }
kubernetes:
  resources: { cpu: 0.5, memory: 512m }
  service: { type: LoadBalancer, ports: { 8443: 443 } }
`;
const FIXED = `
upstreams: { users: { targets: ["users:8080"] } }
routes: [{ name: u, path: /, upstream: users }]
kubernetes: { replicas: { min: 3, max: 3 } }
`;

function objectsOf(text: string): Manifest[] {
  const files = target.render(planSample(text), template, [], BUNDLE);
  return ["", "autoscaling-hpa/", "autoscaling-keda/"].flatMap((folder) => appliedObjects(files, folder));
}

const everything = objectsOf(EVERYTHING);

test.each([
  ["everything", everything],
  ["a fixed number of gateways without an admin server", objectsOf(FIXED)],
])("%s", (_name, objects) => {
  expect(objects.length).toBeGreaterThan(4);
  expect(schemaFaults(objects)).toEqual([]);
  expect(unknownFields(objects)).toEqual([]);
});

test("all kinds are among them", () => {
  expect([...new Set(everything.map(({ kind }) => kind as string))].sort()).toEqual([
    "ConfigMap",
    "Deployment",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
    "Role",
    "RoleBinding",
    "ScaledObject",
    "Secret",
    "Service",
    "ServiceAccount",
  ]);
});

describe("a mistake is noticed", () => {
  const pod = (object: Manifest): Manifest => object["spec"].template.spec as Manifest;
  const mistakes: readonly (readonly [string, string, (object: Manifest) => void])[] = [
    ["ConfigMap", "a number among the data", (object) => (object["data"].extra = 1)],
    ["Secret", "data that is no text", (object) => (object["data"].extra = {})],
    ["Service", "a port without a number", (object) => delete object["spec"].ports[0].port],
    ["Deployment", "no selector", (object) => delete object["spec"].selector],
    ["Deployment", "a container without a name", (object) => delete pod(object)["containers"][0].name],
    ["Deployment", "a mode as text", (object) => (pod(object)["volumes"][0].projected.defaultMode = "0440")],
    ["HorizontalPodAutoscaler", "no maximum", (object) => delete object["spec"].maxReplicas],
    ["HorizontalPodAutoscaler", "a metric without its type", (object) => delete object["spec"].metrics[0].type],
    ["PodDisruptionBudget", "a selector that is text", (object) => (object["spec"].selector = "app")],
    ["Role", "a rule without verbs", (object) => delete object["rules"][0].verbs],
    ["RoleBinding", "no role", (object) => delete object["roleRef"]],
    ["ServiceAccount", "a switch as text", (object) => (object["automountServiceAccountToken"] = "false")],
    ["ScaledObject", "no triggers", (object) => delete object["spec"].triggers],
    ["ScaledObject", "a target that is a number", (object) => (object["spec"].triggers[0].metadata.targetValue = 1)],
  ];

  test.each(mistakes)("%s: %s", (kind, _what, spoil) => {
    const object = structuredClone(objectOf(everything, kind));
    spoil(object);
    expect(schemaFaults([object])).toHaveLength(1);
  });

  test("fields that no such object has", () => {
    const deployment = structuredClone(objectOf(everything, "Deployment"));
    pod(deployment)["containers"][0].readynessProbe = {};
    const scaler = structuredClone(objectOf(everything, "ScaledObject"));
    scaler["spec"].minReplicas = 1;
    const found = unknownFields([deployment, scaler]);
    expect(found).toHaveLength(2);
    expect(found[0]).toContain("readynessProbe");
    expect(found[1]).toContain("minReplicas");
  });
});
