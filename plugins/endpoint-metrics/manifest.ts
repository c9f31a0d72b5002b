import type { Phase } from "../_kit/handlers.ts";
import { definePlugin } from "../_kit/manifest.ts";
import { schema as s } from "../_kit/schema/index.ts";
import { autoscale } from "./manifest-autoscale.ts";
import { check } from "./check.ts";

/** Names that the plugin's own labels have. */
const labels = s.map(
  s.string({
    description: "Where the value comes from.",
    pattern:
      "^(?:header:[A-Za-z0-9-]{1,64}|query:[A-Za-z0-9_.-]{1,64}|path:[1-9]|body:[A-Za-z0-9_-]{1,64}(?:[.][A-Za-z0-9_-]{1,64}){0,3})$",
    expects: "header:NAME, query:NAME, path:N (a segment, from 1) or body:FIELD",
  }),
  {
    default: {},
    maxEntries: 8,
    keyPattern: "^[a-z][a-z0-9_]{0,63}$",
    keyExpects: "small letters, digits and _",
    description: "More labels: their names, and where their values come from.",
  },
);

const labelValues = s.record({
  max_length: s.integer({ default: 64, min: 1, max: 256, description: "Longer values are cut to so many bytes." }),
  max_values: s.integer({
    default: 100,
    min: 1,
    max: 10000,
    description: "Once a worker has seen so many values of a label, new ones are counted as other.",
  }),
  allow: s.map(
    s.list(s.string({ maxLength: 256, description: "One value as it comes in." }), {
      maxItems: 1000,
      description: "The values that are told apart.",
    }),
    { default: {}, maxEntries: 8, description: "The only values of a label; every other one is counted as other." },
  ),
});

const statsd = s.record(
  {
    address: s.string({
      description: "Where the server listens: host:port.",
      pattern: "^[A-Za-z0-9._:[\\]-]{1,255}:[0-9]{1,5}$",
      expects: "host:port",
    }),
    flavor: s.oneOf(["statsd", "dogstatsd"], {
      default: "dogstatsd",
      description: "With tags, or with the labels' values in the names.",
    }),
    interval_seconds: s.number({ default: 10, min: 1, max: 300, description: "How often each worker sends." }),
    prefix: s.string({
      default: "gateway",
      pattern: "^[A-Za-z0-9_.-]{1,100}$",
      expects: "letters, digits, . _ and -",
      description: "How every name begins.",
    }),
    mtu_bytes: s.integer({ default: 1432, min: 128, max: 8192, description: "No datagram is larger." }),
  },
  { optional: true, description: "Send the figures to a StatsD server by UDP." },
);

const config = s.record({
  buckets: s.list(s.number({ above: 0, max: 3600, description: "An upper bound in seconds." }), {
    default: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    minItems: 1,
    maxItems: 30,
    description: "Upper bounds of the histograms' buckets, in seconds, rising.",
  }),
  labels,
  label_values: labelValues,
  max_series: s.integer({
    default: 5000,
    min: 10,
    max: 100000,
    description: "With so many combinations of labels, further ones are counted as other.",
  }),
  idle_seconds: s.number({
    default: 900,
    min: 10,
    max: 86400,
    description: "A combination of labels that was not used for so long is forgotten.",
  }),
  exemplars: s.boolean({
    default: true,
    description:
      "Show the trace of a request beside a bucket, in OpenMetrics, when requests bring a traceparent header.",
  }),
  tokens: s.oneOf(["off", "openai"], {
    default: "off",
    description: "Count the tokens that answers in OpenAI's format say they used, by model.",
  }),
  push: s.record({ statsd }),
  autoscale,
});

export default definePlugin({
  name: "endpoint-metrics",
  version: "0.1.0",
  description: "Counts requests, errors, durations and bytes of each endpoint, and says how many replicas it needs.",
  // Below all that turns requests away, beside the gateways' own metrics: in flight is what goes on to the upstream.
  priority: { openresty: 100, kong: 11, apisix: 498 },
  phases: ["access", "body_filter", "log"],
  phasesOf: ({ tokens }): readonly Phase[] => (tokens === "off" ? ["access", "log"] : ["access", "body_filter", "log"]),
  dicts: ["autoscale_metrics"],
  config,
  check,
  // One answer for each upstream, so all routes to it must ask the same question.
  stateName: (_config, { upstream }) => `autoscale:${upstream}`,
  stateConfig: (given) => given.autoscale,
});
