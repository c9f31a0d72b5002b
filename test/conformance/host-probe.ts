/** Two plugins that show what a host does with them, as files beside gateway.yaml. */

const PROBE_MANIFEST = `import { definePlugin, schema } from "autoscale-lua";

const COMMON = ["rewrite", "access", "header_filter", "body_filter", "log"] as const;

export default definePlugin({
  name: "probe",
  version: "1.0.0",
  description: "Does what the request's headers ask for, and tells what it saw.",
  priority: { openresty: 555, kong: 555, apisix: 555 },
  phases: [...COMMON, "select_upstream"],
  phasesOf: ({ peers }) => (peers ? [...COMMON, "select_upstream"] : COMMON),
  dicts: ["autoscale"],
  config: schema.record({
    at: schema.string({ optional: true, description: "The phase to throw in." }),
    other: schema.string({ optional: true, description: "Another upstream to send requests to." }),
    peers: schema.boolean({ default: false, description: "Whether it chooses peers." }),
  }),
  upstreams: ({ other }) => (other === undefined ? [] : [other]),
});
`;

const PROBE = `import type { Create, Decision } from "autoscale-lua";

interface Config { readonly at?: string; readonly other?: string; readonly peers: boolean }

const REJECT = { kind: "reject", status: 429, headers: { "Retry-After": "7", "X-By": "probe" }, body: "no\\n" } as const;
const REDIRECT = { kind: "reject", status: 302, headers: { Location: "/elsewhere" }, body: "" } as const;
const TYPED = { kind: "reject", status: 200, headers: { "content-type": "application/json" }, body: "{}" } as const;

export const create: Create<Config> = (config, host) => {
  const store = host.store("autoscale");
  const route = host.place.route;
  const underWay = host.shared("under way", () => new LuaMap<number, boolean>());
  const other = config.other === undefined ? undefined : ({ kind: "route", upstream: config.other } as const);
  const fail = (phase: string): void => {
    if (config.at === phase) error("thrown on purpose in " + phase);
  };
  fail("create");
  const decide = (wish: string | undefined, port: string | undefined): Decision | undefined => {
    if (wish === "reject") return REJECT;
    if (wish === "redirect") return REDIRECT;
    if (wish === "typed") return TYPED;
    if (wish === "route") return other;
    if (wish === "peer") return { kind: "peer", host: "127.0.0.1", port: tonumber(port) ?? 0 };
    return undefined;
  };
  return {
    rewrite(context) {
      fail("rewrite");
      context.setRequestHeader("X-Rewritten", route);
      return undefined;
    },
    access(context) {
      fail("access");
      context.remember("mark", "kept");
      context.remember("handle", context.handle());
      context.remember("who", context.consumer() ?? "nobody");
      if (underWay.has(context.handle())) store.incr("probe:clashes", 1, 0, 0);
      underWay.set(context.handle(), true);
      if (context.header("X-Max") !== undefined) {
        const body = context.requestBody(tonumber(context.header("X-Max")) ?? 0);
        context.remember("body", body === undefined ? "none" : string.format("%d", body.length) + string.sub(body, -3));
      }
      const decision = decide(context.header("X-Do"), context.header("X-Port"));
      return host.shadow ? undefined : decision;
    },
    header_filter(context) {
      fail("header_filter");
      const mark = context.recall("mark");
      context.setResponseHeader("X-Mark", mark === undefined ? "none" : tostring(mark));
      context.setResponseHeader("X-Place", route + " " + host.place.upstream);
      context.setResponseHeader("X-Body", context.recall("body") as string | undefined);
      context.setResponseHeader("X-Who", context.recall("who") as string | undefined);
      context.setResponseHeader("X-Hidden", undefined);
      if (context.header("X-Do") === "shout") context.setResponseHeader("Content-Length", undefined);
    },
    body_filter(context, chunk) {
      fail("body_filter");
      return context.header("X-Do") === "shout" ? string.upper(chunk) : undefined;
    },
    log(context) {
      const sameHandle = context.recall("handle") === context.handle() && underWay.has(context.handle());
      underWay.delete(context.handle());
      fail("log");
      const seconds = context.upstreamSeconds();
      const took = seconds === undefined ? "nothing" : seconds >= 0.1 && seconds < 5 ? "long" : "short";
      const parts = [
        tostring(context.header("X-Id")),
        string.format("%d", context.status()),
        context.proxied() ? "proxied" : "answered",
        tostring(context.recall("mark")),
        took,
      ];
      store.set("probe:" + route, table.concat(parts, " "));
      const bytes = string.format("%d %d", context.requestBytes(), context.responseBytes());
      store.set("told:" + route, parts[0] + (sameHandle ? " same " : " other ") + bytes);
    },
    admin: [
      {
        collection: "probes",
        id: route,
        get: () => ({
          saw: store.get("probe:" + route) ?? "",
          told: store.get("told:" + route) ?? "",
          keeper: store.get("keeper:" + route) ?? "",
          clashes: store.get("probe:clashes") ?? 0,
        }),
      },
    ],
    metrics(emit) {
      emit("gateway_probe_seen", "gauge", "Whether the probe saw a request.", { route }, 1);
    },
  };
};
`;

const GATEKEEPER_MANIFEST = `import { definePlugin, schema } from "autoscale-lua";

export default definePlugin({
  name: "gatekeeper",
  version: "1.0.0",
  description: "Turns away what asks for it, before others are asked.",
  priority: { openresty: 2222, kong: 2222, apisix: 2222 },
  phases: ["access", "log"],
  dicts: ["autoscale"],
  config: schema.record({}),
});
`;

const GATEKEEPER = `import type { Create } from "autoscale-lua";

const DENY = { kind: "reject", status: 503, headers: { "X-By": "gatekeeper" }, body: "denied" } as const;

export const create: Create<object> = (_config, host) => ({
  access(context) { return context.header("X-Deny") === undefined ? undefined : DENY; },
  log(context) {
    const told = tostring(context.header("X-Id")) + " " + (context.routedTo() ?? "(its own)");
    host.store("autoscale").set("keeper:" + host.place.route, told);
  },
});
`;

/** Path to text; `custom_plugins: [plugins]` finds them. */
export const PROBE_FILES: Readonly<Record<string, string>> = {
  "plugins/probe/manifest.ts": PROBE_MANIFEST,
  "plugins/probe/plugin.ts": PROBE,
  "plugins/gatekeeper/manifest.ts": GATEKEEPER_MANIFEST,
  "plugins/gatekeeper/plugin.ts": GATEKEEPER,
};
