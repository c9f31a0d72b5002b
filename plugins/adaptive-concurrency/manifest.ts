import { definePlugin } from "../_kit/manifest.ts";
import { schema as s } from "../_kit/schema/index.ts";
import { check } from "./check.ts";

const limit = s.record({
  initial: s.integer({ default: 20, min: 1, max: 100_000, description: "Requests under way at once, to begin with." }),
  min: s.integer({ default: 5, min: 1, max: 100_000, description: "The limit never falls below." }),
  max: s.integer({ default: 1000, min: 1, max: 100_000, description: "The limit never rises above." }),
});

const priorities = s.record({
  by: s.string({
    default: "header:X-Priority",
    maxLength: 200,
    pattern: "^(?:consumer|header:[A-Za-z0-9-]+)$",
    expects: "header:N or consumer",
    description: "Where the priority of a request is said.",
  }),
  default: s.string({
    default: "normal",
    minLength: 1,
    maxLength: 100,
    description: "The priority of requests that say none, or one that is not in shares.",
  }),
  shares: s.map(s.number({ above: 0, max: 100, description: "Percent of the limit." }), {
    default: { critical: 100, normal: 80, batch: 40 },
    minEntries: 1,
    maxEntries: 20,
    description: "Percent of the limit that is open to a priority; the rest is kept for those with a larger share.",
  }),
});

const config = s.record({
  algorithm: s.oneOf(["gradient2", "vegas", "aimd"], {
    default: "gradient2",
    description: "How the limit follows latency (gradient2, vegas), or latency and errors (aimd).",
  }),
  limit,
  scope: s.oneOf(["route", "upstream"], {
    default: "route",
    description: "One limit for the route, or for its upstream.",
  }),
  priorities,
  queue: s.record({
    depth: s.integer({
      default: 0,
      min: 0,
      max: 10_000,
      description: "So many requests of a worker may wait for a place. 0: none waits.",
    }),
    timeout_seconds: s.number({ default: 0.1, min: 0.001, max: 60, description: "The longest wait." }),
  }),
  latency_seconds: s.number({
    optional: true,
    min: 0.001,
    max: 600,
    description: "AIMD: a mean time above it lowers the limit, as errors do.",
  }),
  interval_seconds: s.number({ default: 0.5, min: 0.1, max: 60, description: "How often the limit is looked at." }),
  reject: s.record({
    status: s.integer({ default: 503, min: 400, max: 599, description: "Status of the answer to a shed request." }),
    body: s.string({
      default: "",
      maxLength: 65_536,
      description: "Body of the answer. Empty: problem details (RFC 9457).",
    }),
  }),
});

export default definePlugin({
  name: "adaptive-concurrency",
  version: "0.1.0",
  description:
    "Finds out how many requests an upstream can do at once by its latency, and sheds the least important of the rest.",
  // Below the rate limit's: a place is taken last, and only by what goes upstream. No other plugin has the numbers.
  priority: { openresty: 900, kong: 908, apisix: 998 },
  phases: ["access", "log"],
  // The keeper looks at what all workers counted, whether or not it had a request of the route itself.
  early: true,
  dicts: ["autoscale"],
  config,
  check,
  stateName: ({ scope }, { route, upstream }) => (scope === "route" ? `route:${route}` : `upstream:${upstream}`),
});
