import { schema as s, toJsonSchema, type Infer, type JsonSchema } from "../../../plugins/_kit/schema/index.ts";
import { filePath, NAME_PATTERN, NAME_WORDS, PATH, size, timeouts } from "./schema-common.ts";
import { kubernetesSchema } from "./schema-kubernetes.ts";
import { plugins, routeSchema } from "./schema-route.ts";
import { adminSchema, listenSchema } from "./schema-server.ts";
import { upstreamSchema } from "./schema-upstream.ts";

const rawLines = (where: string) =>
  s.list(s.string({ minLength: 1, maxLength: 2000, description: "One whole nginx directive." }), {
    default: [],
    description: `Raw nginx directives ${where}.`,
  });

/** The whole of gateway.yaml. What spans several fields is checked when it is resolved. */
export const gatewaySchema = s.record({
  listen: s.list(listenSchema, {
    minItems: 1,
    default: [{ address: "0.0.0.0", port: 8080, http2: false }],
    description: "Where requests are accepted.",
  }),
  admin: adminSchema,
  workers: s.either(
    [
      s.oneOf(["auto"], { description: "As many workers as cores." }),
      s.integer({ min: 1, max: 1024, description: "The number of workers." }),
    ],
    { default: "auto", description: "Worker processes: auto is one a core." },
  ),
  trusted_proxies: s.list(s.string({ description: "An address or network: 10.0.0.0/8." }), {
    default: [],
    unique: true,
    description: "Only these may tell the client's address in X-Forwarded-For.",
  }),
  access_log: s.record(
    {
      format: s.oneOf(["json", "combined", "off"], { default: "json", description: "How each request is logged." }),
    },
    { description: "The log with one line for each request." },
  ),
  shared_memory: s.map(
    s.either(size("The size of the dict."), { description: "The size of the dict, at least 64k." }),
    {
      keyPattern: "^[a-z][a-z0-9_]{0,63}$",
      keyExpects: "small letters, digits and _",
      default: {},
      description:
        "Memory that all workers share, by name: autoscale (16m), what plugins need (16m; autoscale_metrics 32m, autoscale_upstreams 8m), and more.",
    },
  ),
  timeouts: timeouts("where no upstream or route says otherwise (connect 1, send 30, read 30)"),
  max_body: s.either(size("The largest request body."), {
    default: "1m",
    description: "The largest request body; 0: no limit.",
  }),
  resolver: s.either(
    [
      s.oneOf(["auto"], { description: "The servers of /etc/resolv.conf." }),
      s.list(s.string({ description: "A DNS server's address, with :port when it is not 53." }), {
        minItems: 1,
        unique: true,
        description: "The addresses of DNS servers.",
      }),
    ],
    { default: "auto", description: "DNS servers that names of peers are looked up at." },
  ),
  trusted_ca: s.string({
    ...PATH,
    optional: true,
    description:
      "The PEM file with the authorities that discovery and probes by https trust, relative to gateway.yaml.",
  }),
  upstreams: s.map(upstreamSchema, {
    keyPattern: NAME_PATTERN,
    keyExpects: NAME_WORDS,
    minEntries: 1,
    description: "The services behind the gateway, by name.",
  }),
  routes: s.list(routeSchema, { minItems: 1, description: "Which requests go to which upstream." }),
  plugins: plugins("Plugins on every route."),
  custom_plugins: s.list(filePath("A folder of plugins, relative to gateway.yaml."), {
    default: [],
    unique: true,
    description: "Folders of TypeScript plugins of your own.",
  }),
  nginx: s.record(
    {
      main: rawLines("at the top level"),
      http: rawLines("in the http block"),
      server: rawLines("in every server block"),
      location: rawLines("in every route's location"),
    },
    { description: "Raw nginx lines, the last resort: nothing checks what they do." },
  ),
  kubernetes: kubernetesSchema,
});

/** gateway.yaml as written, with the defaults of its fields. */
export type Written = Infer<typeof gatewaySchema>;

/** JSON Schema of gateway.yaml for editors. Plugins' configurations are left open: they have schemas of their own. */
export function gatewayJsonSchema(): JsonSchema {
  return toJsonSchema(gatewaySchema);
}
