import { expect, test } from "vitest";
import { parseSample } from "../../../test/harness/gateway-sample.ts";

const BASE = `
listen: [{ port: 8080 }, { port: 8443, tls: { certificate: certs/site.pem, key: certs/site.key } }]
upstreams: { users: { targets: ["users:80"] }, users.v2: { targets: ["users-v2:80"] } }
routes: [{ name: all, path: /, upstream: users }]
`;

const kubernetes = (text: string) => parseSample(`${BASE}kubernetes: ${text}\n`).gateway.kubernetes;

test("ports and upstreams to what they are called in the cluster", () => {
  const found = kubernetes(`
  service: { ports: { 8080: 80, "8443": 443 } }
  tls_secrets: { 8443: site }
  resources: { cpu: 2.5, memory: 1g }
  deployments: { users: users-api, users.v2: { name: users.v2, namespace: shop } }`);
  expect(found.service.ports).toEqual({ "8080": 80, "8443": 443 });
  expect(found.tlsSecrets).toEqual({ "8443": "site" });
  expect([found.cpuCores, found.memoryBytes]).toEqual([2.5, 1024 ** 3]);
  expect(found.deployments).toEqual({
    users: { name: "users-api" },
    "users.v2": { name: "users.v2", namespace: "shop" },
  });
  expect(kubernetes("{ deployments: { users: false } }").deployments).toEqual({ users: false });
});

test.each([
  ["{ service: { ports: { 8081: 80 } } }", /kubernetes\.service\.ports\.8081: found "8081", allowed: 8080, 8443/],
  [
    "{ tls_secrets: { 8080: site } }",
    /E_CONFIG_UNKNOWN_KEY kubernetes\.tls_secrets\.8080: found "8080", allowed: 8443/,
  ],
  [
    "{ deployments: { user: x } }",
    /kubernetes\.deployments\.user: found "user", allowed: users, users\.v2[^]*Did you mean users\?/,
  ],
  ["{ replicas: { min: 5, max: 4 } }", /min 5 is above max 4/],
  ["{ resources: { memory: 10m } }", /E_CONFIG_RANGE kubernetes\.resources\.memory/],
  ["{ name: Edge }", /E_CONFIG_PATTERN kubernetes\.name/],
  [`{ name: ${"e".repeat(41)} }`, /E_CONFIG_PATTERN kubernetes\.name/],
  ["{ namespace: a.b }", /E_CONFIG_PATTERN kubernetes\.namespace/],
  ['{ image: "a b" }', /E_CONFIG_PATTERN kubernetes\.image/],
  ["{ deployments: { users: true } }", /kubernetes\.deployments\.users/],
])("%s is refused", (text, message) => {
  expect(() => kubernetes(text)).toThrow(message);
});
