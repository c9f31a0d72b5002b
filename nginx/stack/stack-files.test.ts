/** What the files of the local stack must have in common. They are run in test/containers/stack.test.ts. */
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { DEFAULT_OPENRESTY_IMAGE } from "../../cli/engine/images.ts";
import { projectFiles, read } from "../../test/architecture/repository.ts";
import { dashboardQueries } from "../../test/harness/dashboard.ts";
import { dashboardText } from "./grafana/make-dashboard.mjs";

interface Service {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks: readonly string[] | Record<string, { ipv4_address: string }>;
  readonly volumes?: readonly { source: string; target: string; read_only?: boolean; bind?: { selinux?: string } }[];
  readonly healthcheck?: { test: readonly string[] };
  readonly depends_on?: Record<string, { condition: string }>;
  readonly profiles?: readonly string[];
}

const compose = parse(read("docker-compose.yml"), { merge: true }) as { services: Record<string, Service> };
const services = Object.entries(compose.services);
const rules = projectFiles("nginx/stack/prometheus/rules").flatMap((path) => {
  const { groups } = parse(read(path)) as { groups: { rules: { alert?: string; record?: string }[] }[] };
  return groups.flatMap((group) => group.rules);
});

/** What a value is when no variable is set. */
const asIs = (text: string): string => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, "$1");

describe.each(services)("service %s", (name, service) => {
  test("has a pinned image, named in full, that a variable replaces", () => {
    expect(service.image).toMatch(/^\$\{[A-Z]+_IMAGE:-docker\.io\/[\w./-]+:v?\d+\.\d+\.\d+[\w.-]*\}$/);
  });

  test("is published on the loopback interface alone, at ports that variables replace", () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_0-9]+_PORT:-\d+\}:\d+$/);
  });

  test("mounts nothing that it may write, and what SELinux may let it read", () => {
    for (const volume of service.volumes ?? [])
      expect(volume).toMatchObject({ read_only: true, bind: { selinux: "z" } });
  });

  test("has a health check, and waits for that of others", () => {
    const isServer = service.ports !== undefined;
    expect(isServer).toBe(name !== "load" && name !== "visitors");
    expect(service.healthcheck !== undefined).toBe(isServer);
    for (const { condition } of Object.values(service.depends_on ?? {})) expect(condition).toBe("service_healthy");
  });

  test("asks for nothing that a small stack has no use for", () => {
    for (const key of ["container_name", "privileged", "cap_add", "network_mode"])
      expect(service).not.toHaveProperty(key);
  });
});

test("only the load waits to be asked for", () => {
  expect(services.filter(([, { profiles }]) => profiles !== undefined).map(([name]) => name)).toEqual(["load"]);
});

test("the OpenResty image is the one of the command line", () => {
  expect(asIs(compose.services["gateway"]?.image ?? "")).toBe(`docker.io/${DEFAULT_OPENRESTY_IMAGE}`);
});

describe("the gateway's peers", () => {
  interface Upstream {
    readonly targets?: readonly string[];
    readonly discovery?: { readonly consul: { readonly address: string; readonly service: string } };
  }
  const gateway = parse(asIs(read("nginx/stack/gateway.yaml"))) as { upstreams: Record<string, Upstream> };
  const upstreams = Object.values(gateway.upstreams);

  test("are the addresses of the backends where they are written down", () => {
    const addresses = services.flatMap(([, { networks }]) =>
      "stack" in networks ? [networks.stack.ipv4_address] : [],
    );
    expect(addresses).toHaveLength(2);
    const written = upstreams.flatMap(({ targets }) => (targets === undefined ? [] : [targets]));
    expect(written).toEqual([addresses.map((address) => `${asIs(address)}:9000`)]);
  });

  test("are found at the stack's Consul, where each backend registers itself for the service that is asked for", () => {
    const consul = upstreams.flatMap(({ discovery }) => (discovery === undefined ? [] : [discovery.consul]));
    expect(consul).toHaveLength(2);
    for (const { address, service } of consul) {
      const { hostname, port } = new URL(address);
      expect(compose.services[hostname]?.ports?.[0]).toMatch(new RegExp(`:${port}$`));
      for (const name of ["backend-1", "backend-2"]) {
        const { entrypoint, depends_on } = compose.services[name] ?? {};
        expect(entrypoint).toContain(`--consul=${address}`);
        expect(depends_on).toHaveProperty(hostname);
        expect(read("nginx/stack/demo-backend.mjs")).toContain(`service: { type: "string", default: "${service}" }`);
      }
    }
  });
});

describe("Grafana", () => {
  const dashboard = read("nginx/stack/grafana/dashboards/gateway.json");
  const mounted = (source: string) => compose.services["grafana"]?.volumes?.find((volume) => volume.source === source);

  test("dashboards/gateway.json is what make-dashboard.mjs writes", () => {
    expect(dashboard).toBe(dashboardText());
  });

  test("the provisioned data source is the stack's Prometheus", () => {
    const { datasources } = parse(read("nginx/stack/grafana/provisioning/datasources/prometheus.yaml")) as {
      datasources: { url: string; jsonData: { timeInterval: string } }[];
    };
    const { global, scrape_configs } = parse(read("nginx/stack/prometheus/prometheus.yml")) as {
      global: { scrape_interval: string };
      scrape_configs: { static_configs: { targets: string[] }[] }[];
    };
    expect(datasources).toHaveLength(1);
    const [host, port] = new URL(datasources[0]?.url ?? "").host.split(":");
    expect(compose.services[host ?? ""]?.ports?.[0]).toMatch(new RegExp(`:${port ?? ""}$`));
    expect(datasources[0]?.jsonData.timeInterval).toBe(global.scrape_interval);
    expect(scrape_configs[0]?.static_configs[0]?.targets).toEqual(["gateway:9180"]);
  });

  test("dashboards are provided from where they are mounted", () => {
    const { providers } = parse(read("nginx/stack/grafana/provisioning/dashboards/gateway.yaml")) as {
      providers: { options: { path: string } }[];
    };
    expect(providers.map(({ options }) => options.path)).toEqual([mounted("./nginx/stack/grafana/dashboards")?.target]);
    expect(mounted("./nginx/stack/grafana/provisioning")?.target).toBe("/etc/grafana/provisioning");
  });

  test("every recorded series that a panel asks for is recorded", () => {
    const asked = dashboardQueries(dashboard).flatMap(({ expression }) => expression.match(/\w+:\w+:\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(10);
    const recorded = new Set(rules.map(({ record }) => record));
    expect(asked.filter((name) => !recorded.has(name))).toEqual([]);
  });
});

describe("the tests of the alert rules", () => {
  interface AlertTest {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }
  const { tests } = parse(read("nginx/stack/prometheus/tests/alerts.test.yml")) as {
    tests: { alert_rule_test: AlertTest[] }[];
  };
  const cases = tests.flatMap((one) => one.alert_rule_test);
  const alerts = rules.flatMap(({ alert }) => (alert === undefined ? [] : [alert]));

  test.each(alerts)("%s fires in one and does not in another", (alert) => {
    const firing = cases.filter(({ alertname }) => alertname === alert).map(({ exp_alerts }) => exp_alerts.length > 0);
    expect(new Set(firing)).toEqual(new Set([true, false]));
  });

  test("name alerts that there are", () => {
    expect(cases.map(({ alertname }) => alertname).filter((name) => !alerts.includes(name))).toEqual([]);
  });
});

describe("docs/local-stack.md", () => {
  const guide = read("docs/local-stack.md");
  const variables = ["docker-compose.yml", "nginx/stack/gateway.yaml"].flatMap((path) =>
    [...read(path).matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name = "", value = ""]) => ({ name, value })),
  );

  test.each(variables)("tells of $name, with its first value", ({ name, value }) => {
    const row = guide.split("\n").find((line) => line.includes(`\`${name}\``)) ?? "";
    expect(row).toContain(name.endsWith("_IMAGE") ? name : value);
  });

  test("tells of every alert and of no other", () => {
    const told = [...guide.matchAll(/`(Gateway[A-Z]\w+)`/g)].map(([, name]) => name);
    expect([...told].sort()).toEqual(rules.flatMap(({ alert }) => alert ?? []).sort());
  });
});
