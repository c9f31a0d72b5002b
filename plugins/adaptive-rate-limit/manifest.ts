import { definePlugin } from "../_kit/manifest.ts";
import { schema as s } from "../_kit/schema/index.ts";
import { check } from "./check.ts";
import { sharedLimits } from "./manifest-shared.ts";
import { also, firstName, policyFields } from "./manifest-policy.ts";

const adapt = s.record({
  gateway_cpu: s.number({
    optional: true,
    above: 0,
    max: 1,
    description:
      "Share of the processors it may use at which the gateway is under stress. Absent: 0.8 while nothing else is set.",
  }),
  loop_lag_seconds: s.number({
    optional: true,
    min: 0.01,
    max: 10,
    description:
      "How late an event loop may run before the gateway is under stress. Absent: 0.25 while nothing else is set.",
  }),
  latency_seconds: s.number({
    optional: true,
    min: 0.001,
    max: 600,
    description: "Mean time of the route's upstream that is stress.",
  }),
  error_rate: s.number({
    optional: true,
    above: 0,
    max: 100,
    description: "Percent of the upstream's answers (5xx, or none) that is stress.",
  }),
  external: s.boolean({
    default: true,
    description: "Hear `PUT /limits/<route>`, and alerts that give the route's limits a factor.",
  }),
  floor: s.number({ default: 0.1, min: 0.01, max: 1, description: "No limit falls below this share of itself." }),
  decrease: s.number({
    default: 0.8,
    min: 0.1,
    max: 0.99,
    description: "Under stress the share is multiplied by this in each interval.",
  }),
  increase: s.number({
    default: 0.05,
    min: 0.001,
    max: 1,
    description: "Without stress this is added to the share in each interval.",
  }),
  interval_seconds: s.number({ default: 1, min: 0.5, max: 60, description: "How often the share is looked at." }),
  hold_seconds: s.number({
    default: 10,
    min: 0,
    max: 600,
    description: "After a cut the share does not rise for so long.",
  }),
  surge_multiple: s.number({
    optional: true,
    min: 1.5,
    max: 100,
    description: "Clients that send this many times of what they are used to are cut first. Absent: all alike.",
  }),
});

const redis = s.record(
  {
    url: s.string({
      secret: true,
      maxLength: 500,
      pattern: "^rediss?://[!-~]+$",
      expects: "redis://[user:password@]host[:port][/database], or rediss:// for TLS",
      description: "The Redis that gateways share their limits by.",
    }),
    timeout_seconds: s.number({
      default: 0.05,
      min: 0.001,
      max: 10,
      description: "Time for Redis to decide about a request, connecting included.",
    }),
    mode: s.oneOf(["exact", "batch"], {
      default: "exact",
      description: "Ask for each request, or lease cost ahead and decide here.",
    }),
    retry_seconds: s.number({
      default: 1,
      min: 0.1,
      max: 60,
      description: "So long a Redis that failed is left alone.",
    }),
    tls_verify: s.boolean({ default: true, description: "Check the certificate of rediss://." }),
  },
  { optional: true, description: "The Redis that several gateways share." },
);

const config = s.record({
  name: firstName,
  ...policyFields,
  also,
  adapt,
  store: s.record(
    { redis },
    { description: "Where the state of limits lies. Without `redis`: in this gateway node's own memory." },
  ),
  replicas: s.integer({
    default: 1,
    min: 1,
    max: 10_000,
    description: "How many gateways share the limit where there is no Redis, or it is lost: each gives its part.",
  }),
  replicas_dns: s.string({
    optional: true,
    minLength: 1,
    maxLength: 253,
    pattern: "^[A-Za-z0-9_.-]+$",
    expects: "a host name",
    description: "A name with one address for each gateway, as a headless service has, in place of `replicas`.",
  }),
  headers: s.oneOf(["ietf", "legacy", "none"], {
    default: "ietf",
    description: "RateLimit and RateLimit-Policy, X-RateLimit-* and RateLimit-Limit and so on, or none.",
  }),
  reject: s.record({
    status: s.integer({ default: 429, min: 400, max: 599, description: "Status of the answer to a refused request." }),
    body: s.string({
      default: "",
      maxLength: 65_536,
      description: "Body of the answer. Empty: problem details (RFC 9457) that say which policy refused it.",
    }),
  }),
});

export default definePlugin({
  name: "adaptive-rate-limit",
  version: "0.1.0",
  description:
    "Limits what clients may send, exactly over all workers, and less while the gateway or its backends are under stress.",
  // Below the breaker's: what a breaker turns away takes nothing of a limit. No other plugin has the numbers.
  priority: { openresty: 1000, kong: 909, apisix: 999 },
  phases: ["access", "log"],
  phasesOf: ({ adapt }) =>
    adapt.latency_seconds === undefined && adapt.error_rate === undefined ? ["access"] : ["access", "log"],
  // The keeper looks at what all workers counted, whether or not it had a request of the route itself.
  early: true,
  dicts: ["autoscale", "autoscale_limits"],
  config,
  check,
  stateName: (_, { route }) => `route:${route}`,
  sharedStates: sharedLimits,
});
