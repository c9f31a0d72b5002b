/**
 * Text that could break out of a place it is written into: nginx.conf, a Lua string or comment, JSON, a shell, a
 * terminal. Tests put each of them into each string of gateway.yaml (`stringFields`).
 */
export const hostileValues: readonly string[] = [
  "}",
  "{",
  ";",
  "; }",
  "} server { listen 6666; }",
  "\n",
  "\r\n",
  "\n}\n",
  "\t",
  "]]",
  "]=]",
  "[[",
  '"',
  "'",
  "`",
  '"; return 200; #',
  "'); os.execute('id') --",
  "\\",
  "\\n",
  '\\"',
  "\\' ",
  "$",
  "$host",
  "$(id)",
  "${",
  "${NAME",
  "$${NAME}",
  "#",
  " #",
  "\0",
  "\0}",
  "*/",
  "/*",
  "--",
  "--[[",
  "%",
  "%s%n",
  "<script>",
  "</script>",
  "{{x}}",
  "\u0085",
  "\u2028",
  "\u2029",
  "\u200b",
  "\u202e",
  "\ufeff",
  "\ud800",
  "\u001b[31m",
  "é",
  "💥",
  "__proto__",
  "..",
  "/../../etc/passwd",
  " ",
  "|",
  "&&",
];

/** One string of gateway.yaml. */
export interface StringField {
  /** `routes.0.path`; for a name that the user chooses `upstreams (name)`. */
  readonly name: string;
  /** The value in the valid file. */
  readonly value: string;
  /** A whole gateway.yaml, valid but for this one field, whose value has `hostile` appended. */
  apply(hostile: string): string;
}

/**
 * Every string of a gateway.yaml that uses all fields, the names users choose included, and a few of the circuit
 * breaker's own. The files are JSON, which is YAML too, so that no quoting of YAML stands in the way.
 */
export function stringFields(): readonly StringField[] {
  const fields: StringField[] = [];
  const collect = (value: unknown, path: readonly string[]): void => {
    if (typeof value === "string") {
      const name = path.join(".");
      const apply = (hostile: string) => JSON.stringify(replaced(FULL, path, value + hostile));
      fields.push({ name, value, apply });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) collect(child, [...path, key]);
    }
  };
  collect(FULL, []);
  return [...fields, ...CHOSEN_NAMES.map(chosenName)];
}

/** A valid gateway.yaml that uses every field of this release. */
export function fullGateway(): string {
  return JSON.stringify(FULL);
}

const FULL = {
  listen: [
    { address: "0.0.0.0", port: 8080, http2: false },
    { address: "::1", port: 8443, tls: { certificate: "certs/site.pem", key: "certs/site.key" }, http2: true },
  ],
  admin: { address: "127.0.0.1", port: 9180, token: "s3cret" },
  workers: "auto",
  trusted_proxies: ["10.0.0.0/8"],
  access_log: { format: "json" },
  shared_memory: { autoscale: "16m", extra_dict: "64k" },
  timeouts: { connect: 1, send: 30, read: 30 },
  max_body: "1m",
  resolver: ["127.0.0.53"],
  trusted_ca: "certs/site.pem",
  upstreams: {
    users: {
      protocol: "http",
      targets: ["127.0.0.1:9000", { host: "users.internal", port: 8080, weight: 2, zone: "a", priority: 1 }],
      keepalive: { connections: 64, idle_seconds: 60 },
      retries: { attempts: 1, on: ["connect", "timeout", 502], methods: ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"] },
      timeouts: { connect: 1 },
    },
    listed: {
      targets: ["127.0.0.1:9001"],
      discovery: {
        consul: {
          address: "http://127.0.0.1:8500",
          service: "users",
          tags: ["blue"],
          datacenter: "dc1",
          namespace: "shop",
          token: "t0ken",
          near: "_agent",
          zone: "a",
        },
        kubernetes: {
          address: "https://10.0.0.1",
          namespace: "shop",
          service: "users",
          port: "http",
          token_file: "token",
        },
        eureka: { address: "http://127.0.0.1:8761/eureka", app: "USERS", username: "me", password: "pa55word" },
        dns: { name: "users.internal", type: "address", port: 80, servers: ["127.0.0.53:53"] },
        file: { path: "peers.json", interval_seconds: 5 },
        http: { url: "http://127.0.0.1:8080/peers", headers: { Authorization: "Bearer t0ken" } },
        also: [{ file: { path: "more.json" } }],
      },
      balance: {
        policy: "consistent-hash",
        hash_on: ["header:X-User"],
        zone: "a",
        load_header: "endpoint-load-metrics",
      },
      health: {
        active: { type: "https", path: "/health", host: "users.internal", statuses: ["200-399"] },
        passive: {},
      },
      retries: { attempts: 2, budget: 20, budget_minimum: 10, timeout_seconds: 1, methods: ["GET", "POST"] },
    },
  },
  routes: [
    {
      name: "users",
      hosts: ["api.example.com", "*.example.org"],
      path: "/users",
      methods: ["GET", "POST"],
      upstream: "users",
      strip_prefix: true,
      max_body: "2m",
      plugins: {
        "circuit-breaker": { scope: "route", fallback: { status: 503, headers: { "X-Why": "open" }, body: "sorry" } },
      },
    },
    { name: "exact", path: "= /exact", upstream: "users" },
    { name: "regex", path: "~ ^/regex", upstream: "users" },
    {
      name: "moved",
      path: "/moved",
      upstream: "users",
      plugins: { "circuit-breaker": { fallback: { redirect: "https://example.com/moved" } } },
    },
  ],
  plugins: { "circuit-breaker": {} },
  custom_plugins: ["./plugins"],
  nginx: {
    main: ["worker_rlimit_nofile 1024;"],
    http: ["server_tokens off;"],
    server: ["add_header X-Served-By gateway;"],
    location: ["proxy_buffering on;"],
  },
  kubernetes: {
    name: "edge",
    namespace: "front",
    image: "registry.example.com/gateway:1.0",
    service: { type: "LoadBalancer", ports: { 8080: 80 } },
    tls_secrets: { 8443: "site" },
    deployments: { users: { name: "users-api", namespace: "shop" }, listed: "listed" },
  },
};

/** A name the user chooses, and every place in the file that spells it. */
interface ChosenName {
  readonly name: string;
  readonly value: string;
  rename(to: string): unknown;
}

const CHOSEN_NAMES: readonly ChosenName[] = [
  {
    name: "upstreams (name)",
    value: "users",
    rename: (to) => ({
      ...FULL,
      upstreams: { [to]: FULL.upstreams.users, listed: FULL.upstreams.listed },
      routes: FULL.routes.map((route) => ({ ...route, upstream: to })),
      kubernetes: { ...FULL.kubernetes, deployments: { [to]: FULL.kubernetes.deployments.users } },
    }),
  },
  {
    name: "shared_memory (name)",
    value: "extra_dict",
    rename: (to) => ({ ...FULL, shared_memory: { autoscale: "16m", [to]: "64k" } }),
  },
  {
    name: "plugins (name)",
    value: "circuit-breaker",
    rename: (to) => ({
      ...FULL,
      plugins: { [to]: {} },
      routes: FULL.routes.map((route) => ({ ...route, plugins: {} })),
    }),
  },
  {
    name: "routes.0.plugins.circuit-breaker.fallback.headers (name)",
    value: "X-Why",
    rename: (to) => {
      const config = { fallback: { status: 503, headers: { [to]: "open" }, body: "" } };
      const [first, ...others] = FULL.routes;
      return { ...FULL, routes: [{ ...first, plugins: { "circuit-breaker": config } }, ...others] };
    },
  },
];

function chosenName({ name, value, rename }: ChosenName): StringField {
  return { name, value, apply: (hostile) => JSON.stringify(rename(value + hostile)) };
}

/** A copy with one string in it replaced. */
function replaced(value: unknown, path: readonly string[], text: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (String(index) === key ? replaced(item, rest, text) : item));
  }
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [key]: replaced(record[key], rest, text) };
}
