import { definePlugin } from "../_kit/manifest.ts";
import { schema as s } from "../_kit/schema/index.ts";
import { check } from "./check.ts";

const PERCENT = { above: 0, max: 100 } as const;

const window = s.record({
  type: s.oneOf(["time", "count"], {
    default: "time",
    description: "Judge the calls of the last seconds, or the last calls.",
  }),
  seconds: s.number({ default: 10, min: 1, max: 600, description: "Length of a time window." }),
  calls: s.integer({ default: 100, min: 1, max: 10000, description: "Length of a count window." }),
});

const slowCall = s.record({
  seconds: s.number({
    default: 5,
    min: 0.001,
    max: 3600,
    description: "A call that takes this long or longer is slow.",
  }),
  rate: s.number({
    ...PERCENT,
    default: 100,
    description: "Percent of slow calls in the window that trips the breaker.",
  }),
});

const open = s.record({
  seconds: s.number({
    default: 30,
    min: 0.1,
    max: 86400,
    description: "How long the breaker stays open the first time.",
  }),
  multiplier: s.number({ default: 2, min: 1, max: 100, description: "Factor for each further time in a row." }),
  max_seconds: s.number({ default: 300, min: 0.1, max: 86400, description: "No open time is longer, jitter aside." }),
  jitter: s.number({
    default: 0.1,
    min: 0,
    max: 0.9,
    description: "Share by which an open time is randomly longer or shorter.",
  }),
});

const halfOpen = s.record({
  calls: s.integer({
    default: 10,
    min: 1,
    max: 10000,
    description: "How many probes decide, and may be under way at once.",
  }),
  timeout_seconds: s.number({
    default: 30,
    min: 1,
    max: 3600,
    description: "A probe without a result holds its place no longer.",
  }),
});

const adapt = s.record({
  criticality: s.oneOf(["low", "normal", "high"], {
    default: "normal",
    description: "How much the traffic matters. Under load the thresholds of what matters least fall most.",
  }),
  pressure: s.boolean({ default: true, description: "Lower the thresholds while this gateway worker is loaded." }),
});

const fallback = s.record({
  status: s.integer({ default: 503, min: 200, max: 599, description: "Status of the answer to a rejected request." }),
  headers: s.map(
    s.string({
      description: "The header's value.",
      maxLength: 4096,
      pattern: "^[ -~]*$",
      expects: "one line of printable ASCII",
    }),
    {
      default: {},
      keyPattern: "^[A-Za-z0-9-]+$",
      keyExpects: "a header name",
      description: "Headers of the answer. Retry-After is added to 429 and 503 unless it is here.",
    },
  ),
  body: s.string({ default: "", maxLength: 65536, description: "Body of the answer." }),
  redirect: s.string({
    optional: true,
    maxLength: 2048,
    pattern: "^(https?://|/)[!-~]*$",
    expects: "an http(s) URL or a path",
    description: "Answer 302 to this URL instead.",
  }),
  upstream: s.string({
    optional: true,
    minLength: 1,
    description: "Send the request to this upstream of the gateway instead.",
  }),
});

const config = s.record({
  scope: s.oneOf(["route", "upstream", "peer"], {
    default: "route",
    description: "One breaker for the route, for its upstream, or for each peer of the upstream.",
  }),
  window,
  minimum_calls: s.integer({
    default: 20,
    min: 1,
    max: 10000,
    description: "With fewer calls in the window nothing trips.",
  }),
  failure_rate: s.number({
    ...PERCENT,
    default: 50,
    description: "Percent of failed calls in the window that trips the breaker.",
  }),
  failure_statuses: s.list(
    s.string({
      description: "A status or a range of statuses.",
      pattern: "^[0-9]{3}(?:-[0-9]{3})?$",
      expects: "503 or 500-599",
    }),
    {
      default: ["500-599"],
      maxItems: 100,
      description: "Statuses that count as failures. Connection errors and timeouts always do.",
    },
  ),
  slow_call: slowCall,
  open,
  half_open: halfOpen,
  recovery_seconds: s.number({
    default: 0,
    min: 0,
    max: 3600,
    description: "After closing, admit a rising share of requests for so long.",
  }),
  adapt,
  fallback,
});

export default definePlugin({
  name: "circuit-breaker",
  version: "0.1.0",
  description:
    "Stops sending requests to an upstream that fails or is slow, tries it with a few, and lets traffic back in.",
  // Above the gateways' own rate limiters: a request that is turned away uses up no limit. No other plugin has the number.
  priority: { openresty: 1100, kong: 915, apisix: 1007 },
  phases: ["access", "select_upstream", "log"],
  phasesOf: ({ scope }) => (scope === "peer" ? ["access", "select_upstream", "log"] : ["access", "log"]),
  dicts: ["autoscale"],
  config,
  check,
  upstreams: ({ fallback }) => (fallback.upstream === undefined ? [] : [fallback.upstream]),
  stateName: ({ scope }, { route, upstream }) => (scope === "route" ? `route:${route}` : `${scope}:${upstream}`),
});
