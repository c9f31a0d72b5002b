/** What the manifests say of a gateway.yaml; that they are well-formed is seen to in schemas.test.ts. */
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { prepare } from "../../cli/build/pipeline.ts";
import { loadTarget } from "../../cli/build/targets.ts";
import { templateRenderer } from "../../cli/build/templates.ts";
import { appliedObjects, type Manifest, objectOf, podFolders } from "../../test/harness/kubernetes-pod.ts";
import { planSample } from "../../test/harness/render-sample.ts";
import { freshStockLua } from "../../test/harness/stock-lua.ts";
import { temporaryFiles } from "../../test/harness/temporary-files.ts";
import target from "./target.ts";

const template = templateRenderer(new URL("./", import.meta.url));
const BUNDLE = new Map([
  ["conf/nginx.conf", "events {}\n"],
  ["lua/autoscale/gateway.lua", "return {}\n"],
]);

const UPSTREAMS = `upstreams: { users: { targets: ["users:80"] }, users.v2: { targets: ["users-v2:80"] } }\n`;
const ROUTES = "routes: [{ name: all, path: /, upstream: users }]\n";

const render = (text: string): ReadonlyMap<string, string> => target.render(planSample(text), template, [], BUNDLE);
const objects = (text: string, folder = ""): Manifest[] => appliedObjects(render(text), folder);
const podOf = (text: string): Manifest => objectOf(objects(text), "Deployment")["spec"].template as Manifest;
const containerOf = (text: string): Manifest => podOf(text)["spec"].containers[0] as Manifest;

describe("the whole build", () => {
  const TEXT = `
admin: { address: 0.0.0.0, token: "\${TOKEN}" }
workers: 3
${UPSTREAMS}routes: [{ name: all, path: /, upstream: users, plugins: { circuit-breaker: {} } }]
`;
  let luaFolder = "";
  // Compiles every plugin when their sources have changed.
  beforeAll(() => {
    luaFolder = freshStockLua();
  }, 120_000);

  async function build(folder: string, name: string): Promise<ReadonlyMap<string, string>> {
    const env = { TOKEN: "open-sesame" };
    const file = `${folder}/gateway.yaml`;
    const made = await prepare({ file, cwd: folder, env, targets: [name], luaFolder });
    return made.bundles[0]?.files ?? new Map<string, string>();
  }

  test("the pod sees the files of the OpenResty bundle, byte by byte", async () => {
    const folder = temporaryFiles({ "gateway.yaml": TEXT });
    const inPod = new Map(
      [...podFolders(appliedObjects(await build(folder, "kubernetes")))].flatMap(([mount, files]) =>
        [...files].map(([path, bytes]) => [`${mount}/${path}`, bytes.toString("utf8")] as const),
      ),
    );
    const served = [...(await build(folder, "openresty"))].filter(([path]) => !path.startsWith("maps/"));
    expect(served.length).toBeGreaterThan(20);
    expect(inPod).toEqual(new Map(served.map(([path, text]) => [`/srv/gateway/${path}`, text])));
  });

  test("twice gives the same bytes, and positions for `explain`", async () => {
    const first = await build(temporaryFiles({ "gateway.yaml": TEXT }), "kubernetes");
    expect([...(await build(temporaryFiles({ "gateway.yaml": TEXT }), "kubernetes"))]).toEqual([...first]);
    expect([...first.keys()]).toContain("maps/autoscale/core/trip-rule.lua.map");
  });

  test("the token is in no ConfigMap, nor anywhere else in clear text", async () => {
    const files = await build(temporaryFiles({ "gateway.yaml": TEXT }), "kubernetes");
    expect([...files].filter(([, text]) => text.includes("open-sesame"))).toEqual([]);
    const secret = objectOf(appliedObjects(files), "Secret");
    const texts = Object.values(secret["data"] as Record<string, string>).map((text) => Buffer.from(text, "base64"));
    expect(texts.join("")).toContain("open-sesame");
  });

  test("kubectl finds manifests only, in the order it needs them", async () => {
    const files = await build(temporaryFiles({ "gateway.yaml": TEXT }), "kubernetes");
    const applied = appliedObjects(files);
    expect(applied.filter(({ apiVersion, kind, metadata }) => !apiVersion || !kind || !metadata?.name)).toEqual([]);
    const kinds = applied.map(({ kind }) => kind as string);
    expect(kinds.lastIndexOf("Secret")).toBeLessThan(kinds.indexOf("Deployment"));
    expect(target.manifestFile).toBe("bundle/manifest.json");
  });
});

describe("the pod", () => {
  const SMALL = UPSTREAMS + ROUTES;

  test("is not root, can write nowhere but to its logs and temporary files, and has no token of the cluster", () => {
    expect(podOf(SMALL)["spec"]).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    });
    const container = containerOf(SMALL);
    expect(container["securityContext"]).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const writable = (container["volumeMounts"] as Manifest[]).filter(({ readOnly }) => readOnly !== true);
    expect(writable.map(({ mountPath }) => mountPath as string)).toEqual(["/srv/gateway/logs", "/srv/gateway/temp"]);
  });

  test("has longer to end than nginx gives its workers", () => {
    const shutdown = /worker_shutdown_timeout (\d+)s/.exec(
      [...loaded.openresty.render(planSample(SMALL), loaded.template, []).values()].join(""),
    )?.[1];
    expect(shutdown).toBe("30");
    expect(podOf(SMALL)["spec"].terminationGracePeriodSeconds).toBeGreaterThan(Number(shutdown) + 5);
  });

  test.each([
    ["listen: [{ port: 80 }, { port: 443, address: '::' }]", "80"],
    ["admin: { address: 0.0.0.0, port: 90, token: t }", "90"],
    ["listen: [{ port: 1024 }]", undefined],
    ["listen: [{ port: 8080 }, { port: 80, address: 127.0.0.1 }]", "80"],
    ["admin: { address: 127.0.0.1, port: 90, token: t }", "90"],
  ])("%s: ports below 1024 are opened for it", (text, lowest) => {
    const { sysctls } = podOf(`${text}\n${SMALL}`)["spec"].securityContext as Manifest;
    const expected = lowest && [{ name: "net.ipv4.ip_unprivileged_port_start", value: lowest }];
    expect(sysctls).toEqual(expected);
  });

  test("asks for memory by its dicts, and for as many cores as it has workers", () => {
    expect(containerOf(SMALL)["resources"]).toEqual({
      requests: { cpu: "1000m", memory: "272Mi" },
      limits: { memory: "272Mi" },
    });
    const text = `${SMALL}shared_memory: { mine: 100m }\nkubernetes: { resources: { cpu: 2.5 } }\n`;
    expect(containerOf(text)["resources"].requests).toEqual({ cpu: "2500m", memory: "372Mi" });
    expect(target.carries?.plan(planSample(text)).gateway.workers).toBe(3);
    expect(target.carries?.plan(planSample(`${text}workers: 7\n`)).gateway.workers).toBe(7);
    const asked = `${SMALL}kubernetes: { resources: { memory: 1g } }\n`;
    expect(containerOf(asked)["resources"].limits).toEqual({ memory: "1024Mi" });
  });

  test("certificates come from Secrets, each mounted once where nginx looks for it", () => {
    const tls = "tls: { certificate: certs/site.pem, key: certs/site.key }";
    const text = `listen: [{ port: 8443, ${tls} }, { port: 9443, ${tls} }]\n${SMALL}`;
    const secretsOf = (yaml: string): unknown[] =>
      (podOf(yaml)["spec"].volumes as Manifest[]).flatMap(
        ({ secret }) => (secret as Manifest | undefined)?.["secretName"] ?? [],
      );
    expect(secretsOf(text)).toEqual(["gateway-tls-8443"]);
    expect(secretsOf(`${text}kubernetes: { tls_secrets: { 8443: site } }\n`)).toEqual(["site"]);
    const [first, second] = target.carries?.plan(planSample(text)).gateway.listen ?? [];
    expect(first?.tls).toEqual({
      certificate: "/etc/autoscale-lua/tls/8443/tls.crt",
      key: "/etc/autoscale-lua/tls/8443/tls.key",
    });
    expect(second?.tls).toEqual(first?.tls);
    expect((containerOf(text)["volumeMounts"] as Manifest[]).at(-1)).toMatchObject({
      mountPath: "/etc/autoscale-lua/tls/8443",
      readOnly: true,
    });
    expect(render(text).get("INSTALL.md")).toContain("kubectl create secret tls gateway-tls-8443 --namespace default");
  });

  test("is asked by its admin server whether it is ready, where the kubelet can reach that", () => {
    const open = `admin: { address: 0.0.0.0, token: t }\n${SMALL}`;
    expect(containerOf(open)["readinessProbe"]).toMatchObject({ httpGet: { path: "/status", port: "admin" } });
    expect(podOf(open)["metadata"].annotations).toMatchObject({ "prometheus.io/port": "9180" });
    const closed = `admin: { port: 9180 }\n${SMALL}`;
    expect(containerOf(closed)["readinessProbe"]).toMatchObject({ tcpSocket: { port: "http-8080" } });
    expect(podOf(closed)["metadata"].annotations).toBeUndefined();
  });
});

const loaded = {
  openresty: (await loadTarget("openresty")).target,
  template: templateRenderer(new URL("../openresty/", import.meta.url)),
};

describe("peers that are found in the cluster", () => {
  const FOUND = `
upstreams:
  users: { discovery: { kubernetes: { service: users, namespace: shop } } }
  both: { discovery: { kubernetes: { service: both }, also: [{ kubernetes: { service: both, namespace: shop } }] } }
${ROUTES}kubernetes: { name: edge, namespace: front }
`;
  const carried = (text: string) => target.carries?.plan(planSample(text)).gateway;

  test("the gateways may watch EndpointSlices where they look, and nothing else", () => {
    expect(podOf(FOUND)["spec"]).toMatchObject({ serviceAccountName: "edge", automountServiceAccountToken: true });
    const all = objects(FOUND);
    expect(objectOf(all, "ServiceAccount")["metadata"]).toMatchObject({ name: "edge", namespace: "front" });
    const of = (kind: string) => all.filter((one) => one["kind"] === kind);
    expect(of("Role").map(({ metadata }) => metadata.namespace as string)).toEqual(["default", "shop"]);
    for (const role of of("Role")) {
      expect(role["rules"]).toEqual([
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
      ]);
    }
    for (const binding of of("RoleBinding")) {
      expect(binding["subjects"]).toEqual([{ kind: "ServiceAccount", name: "edge", namespace: "front" }]);
      expect(binding["roleRef"].name).toBe(binding["metadata"].name);
    }
    expect(of("RoleBinding")).toHaveLength(2);
  });

  test("another cluster, with a token of its own, asks for no leave in this one", () => {
    const text = FOUND.replaceAll("service:", "token_file: /run/token, address: https://10.0.0.1, service:");
    expect(podOf(text)["spec"]).toMatchObject({ automountServiceAccountToken: false });
    const kinds = objects(text).map(({ kind }) => kind as string);
    expect(kinds.filter((kind) => /Role|ServiceAccount/.test(kind))).toEqual([]);
  });

  test("the API server is trusted by the account's authority, and found by its whole name", () => {
    expect(carried(FOUND)?.trustedCa).toBe("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");
    const addresses = JSON.stringify(carried(FOUND)?.upstreams).match(/https:[^"]+/g);
    expect(new Set(addresses)).toEqual(new Set(["https://kubernetes.default.svc.cluster.local"]));
    expect(carried(UPSTREAMS + ROUTES)).not.toHaveProperty("trustedCa");
  });

  test("authorities of one's own come from a ConfigMap", () => {
    const text = `${FOUND}trusted_ca: certs/site.pem\n`;
    const { trustedCa = "" } = carried(text) ?? {};
    const mount = (containerOf(text)["volumeMounts"] as Manifest[]).at(-1);
    expect(mount).toMatchObject({ name: "trusted-ca", readOnly: true });
    expect(trustedCa).toBe(`${String(mount?.["mountPath"])}/ca.crt`);
    expect((podOf(text)["spec"].volumes as Manifest[]).at(-1)).toMatchObject({
      configMap: { name: "edge-trusted-ca" },
    });
    const install = render(text).get("INSTALL.md");
    expect(install).toContain("kubectl create configmap edge-trusted-ca --namespace front --from-file=ca.crt=ca.pem");
    expect(install).toContain("the namespace `shop`");
  });
});

describe("services", () => {
  const portsOf = (text: string, name = "gateway"): unknown => objectOf(objects(text), "Service", name)["spec"].ports;

  test("each port once, under the number that is asked for; none for what only the pod reaches", () => {
    const text = `
listen: [{ port: 8080 }, { port: 8080, address: "::" }, { port: 7000, address: 127.0.0.1 }]
kubernetes: { service: { ports: { "8080": 80 } } }
${UPSTREAMS}${ROUTES}`;
    expect(portsOf(text)).toEqual([{ name: "http-8080", port: 80, targetPort: "http-8080", protocol: "TCP" }]);
  });

  test("the admin server has one of its own, never a load balancer", () => {
    const text = `admin: { address: 0.0.0.0, token: t }\nkubernetes: { service: { type: LoadBalancer } }\n${UPSTREAMS}${ROUTES}`;
    expect(objectOf(objects(text), "Service", "gateway")["spec"].type).toBe("LoadBalancer");
    expect(objectOf(objects(text), "Service", "gateway-admin")["spec"].type).toBe("ClusterIP");
    expect(JSON.stringify(portsOf(text))).not.toContain("9180");
  });

  test("a gateway without an admin server to reach says what is lost", () => {
    const warningsOf = (text: string) => target.warnings?.(planSample(text + UPSTREAMS + ROUTES)) ?? [];
    expect(warningsOf("admin: { address: 0.0.0.0, token: t }\n")).toEqual([]);
    expect(warningsOf("admin: {}\n")).toMatchObject([{ code: "W_KUBERNETES_ADMIN", path: "admin" }]);
    expect(warningsOf("")[0]?.message).toBe("found no admin server, which no Prometheus can reach in a pod");
  });
});

describe("replicas", () => {
  test("left to the autoscaler, which is there unless their number is fixed", () => {
    const text = `kubernetes: { name: edge, replicas: { min: 3, max: 9, cpu_percent: 50 } }\n${UPSTREAMS}${ROUTES}`;
    expect(objectOf(objects(text), "Deployment")["spec"]).not.toHaveProperty("replicas");
    expect(objectOf(objects(text), "HorizontalPodAutoscaler")["spec"]).toMatchObject({
      scaleTargetRef: { name: "edge" },
      minReplicas: 3,
      maxReplicas: 9,
    });
    const fixed = `kubernetes: { replicas: { min: 4, max: 4 } }\n${UPSTREAMS}${ROUTES}`;
    expect(objectOf(objects(fixed), "Deployment")["spec"].replicas).toBe(4);
    expect(objects(fixed).map(({ kind }) => kind as string)).not.toContain("HorizontalPodAutoscaler");
  });
});

describe("what is behind the gateway", () => {
  const SCALED = `
admin: { address: 0.0.0.0, token: t }
upstreams: { users: { targets: ["users:80"] }, users.v2: { targets: ["users-v2:80"] }, fallback: { targets: ["f:80"] } }
plugins: { endpoint-metrics: { autoscale: { target: 2.5, min: 0, scale_down_stabilization_seconds: 120 } } }
routes:
  - { name: a, path: /a, upstream: users }
  - { name: b, path: /b, upstream: users.v2, plugins: { endpoint-metrics: { autoscale: { metric: latency_p99, target: 0.25, max: 4 } } } }
  - { name: c, path: /c, upstream: fallback }
kubernetes:
  name: edge
  namespace: front
  deployments: { users: { name: users-api, namespace: shop }, fallback: false }
`;

  test("an autoscaler for each upstream, by the sum that Prometheus has of a load", () => {
    const [v2, users] = objects(SCALED, "autoscaling-hpa/");
    expect(users).toMatchObject({
      metadata: { name: "edge-users", namespace: "shop" },
      spec: {
        scaleTargetRef: { kind: "Deployment", name: "users-api" },
        minReplicas: 1,
        maxReplicas: 10,
        behavior: { scaleUp: { stabilizationWindowSeconds: 0 }, scaleDown: { stabilizationWindowSeconds: 120 } },
        metrics: [
          {
            external: {
              metric: { name: "gateway_upstream_rps", selector: { matchLabels: { upstream: "users" } } },
              target: { type: "AverageValue", averageValue: "2500m" },
            },
          },
        ],
      },
    });
    expect(v2).toMatchObject({
      metadata: { name: "edge-users-v2", namespace: "front" },
      spec: {
        maxReplicas: 4,
        metrics: [
          { external: { metric: { name: "gateway_upstream_latency_p99" }, target: { type: "Value", value: "250m" } } },
        ],
      },
    });
    expect(objects(SCALED, "autoscaling-hpa/")).toHaveLength(2);
  });

  test("a ScaledObject that asks every gateway and adds up, but not latencies", () => {
    const [v2, users] = objects(SCALED, "autoscaling-keda/");
    expect(users).toMatchObject({
      metadata: { name: "edge-users", namespace: "shop" },
      spec: {
        minReplicaCount: 0,
        triggers: [
          {
            type: "metrics-api",
            metricType: "AverageValue",
            metadata: {
              url: "http://edge-admin.front.svc.cluster.local:9180/autoscale/users",
              valueLocation: "rps",
              targetValue: "2.5",
              aggregateFromKubeServiceEndpoints: "true",
              aggregationType: "sum",
            },
          },
        ],
      },
    });
    expect(v2).toMatchObject({
      spec: { triggers: [{ metricType: "Value", metadata: { valueLocation: "latency_p99", aggregationType: "max" } }] },
    });
  });

  test("the adapter is told of the metrics that are asked for", () => {
    const values = parse(render(SCALED).get("prometheus-adapter/values.yaml") ?? "") as Manifest;
    const rules = values["rules"].external as Manifest[];
    const asked = objects(SCALED, "autoscaling-hpa/").map(
      (one) => one["spec"].metrics[0].external.metric.name as string,
    );
    expect(rules.map(({ name }) => name.as as string).sort()).toEqual(asked.sort());
    expect(rules[1]?.["metricsQuery"]).toBe("sum(rate(<<.Series>>{<<.LabelMatchers>>}[2m])) by (upstream)");
  });

  test("nothing of it without autoscale; no KEDA where it could not reach the gateway", () => {
    const folders = (text: string): string[] => [
      ...new Set([...render(text).keys()].map((path) => path.split("/")[0] ?? "")),
    ];
    expect(folders(UPSTREAMS + ROUTES).filter((path) => !path.includes("."))).toEqual([]);
    expect(folders(SCALED)).toEqual(
      expect.arrayContaining(["autoscaling-hpa", "autoscaling-keda", "prometheus-adapter"]),
    );
    const closed = SCALED.replace("admin: { address: 0.0.0.0, token: t }", "");
    expect(folders(closed)).not.toContain("autoscaling-keda");
    expect(target.warnings?.(planSample(closed))[0]?.message).toContain("no Prometheus and no KEDA");
  });

  test("an upstream that no selector can name is refused, unless it is not scaled", () => {
    const named = SCALED.replaceAll("users.v2", "_odd");
    expect(() => render(named)).toThrow(/E_KUBERNETES_LABEL upstreams\._odd: found _odd/);
    expect(() => render(named.replace("fallback: false", "fallback: false, _odd: false"))).not.toThrow();
  });
});

test("what it says of itself is what it carries, and what the pod changes", async () => {
  const { target: whole } = await loadTarget("kubernetes");
  const support = (feature: string) => whole.capabilities.find((one) => one.feature === feature)?.support;
  expect(support("select_upstream")).toBe("full");
  expect(support("peers from a file")).toBe("partial");
  const features = whole.capabilities.map(({ feature }) => feature);
  expect(features).toEqual(expect.arrayContaining(loaded.openresty.capabilities.map(({ feature }) => feature)));
});
