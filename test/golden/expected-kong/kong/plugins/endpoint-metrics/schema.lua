local typedefs = require("kong.db.schema.typedefs")
local checks = require("autoscale.kong.schema-checks")
local check = require("autoscale.plugins.endpoint-metrics.check").check

return {
  name = "endpoint-metrics",
  fields = {
    { consumer = typedefs.no_consumer },
    { protocols = typedefs.protocols_http },
    {
      config = {
        type = "record",
        required = true,
        description = "Counts requests, errors, durations and bytes of each endpoint, and says how many replicas it needs.",
        fields = {
          {
            mode = {
              type = "string",
              description = "Do it, only count and report what would be done, or nothing at all.",
              default = "enforce",
              len_min = 0,
              one_of = { "enforce", "shadow", "off" },
              required = true,
            },
          },
          {
            buckets = {
              type = "array",
              description = "Upper bounds of the histograms' buckets, in seconds, rising.",
              default = {
                0.005,
                0.01,
                0.025,
                0.05,
                0.1,
                0.25,
                0.5,
                1,
                2.5,
                5,
                10,
              },
              len_min = 1,
              len_max = 30,
              elements = {
                type = "number",
                description = "An upper bound in seconds.",
                gt = 0,
                between = { 0, 3600 },
                custom_validator = checks.number({ above = 0, max = 3600 }),
              },
              required = true,
            },
          },
          {
            labels = {
              type = "map",
              description = "More labels: their names, and where their values come from.",
              default = {},
              len_max = 8,
              keys = {
                type = "string",
                len_min = 0,
                custom_validator = checks.key({ expects = "small letters, digits and _", pattern = "^[a-z][a-z0-9_]{0,63}(?![\\s\\S])" }),
              },
              values = {
                type = "string",
                description = "Where the value comes from.",
                len_min = 0,
                custom_validator = checks.text({ expects = "header:NAME, query:NAME, path:N (a segment, from 1) or body:FIELD", pattern = "^(?:header:[A-Za-z0-9-]{1,64}|query:[A-Za-z0-9_.-]{1,64}|path:[1-9]|body:[A-Za-z0-9_-]{1,64}(?:[.][A-Za-z0-9_-]{1,64}){0,3})(?![\\s\\S])" }),
              },
              required = true,
            },
          },
          {
            label_values = {
              type = "record",
              fields = {
                {
                  max_length = {
                    type = "integer",
                    description = "Longer values are cut to so many bytes.",
                    default = 64,
                    between = { 1, 256 },
                    required = true,
                  },
                },
                {
                  max_values = {
                    type = "integer",
                    description = "Once a worker has seen so many values of a label, new ones are counted as other.",
                    default = 100,
                    between = { 1, 10000 },
                    required = true,
                  },
                },
                {
                  allow = {
                    type = "map",
                    description = "The only values of a label; every other one is counted as other.",
                    default = {},
                    len_max = 8,
                    keys = {
                      type = "string",
                      len_min = 0,
                    },
                    values = {
                      type = "array",
                      description = "The values that are told apart.",
                      len_max = 1000,
                      elements = {
                        type = "string",
                        description = "One value as it comes in.",
                        len_min = 0,
                        custom_validator = checks.text({ maxLength = 256 }),
                      },
                    },
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            max_series = {
              type = "integer",
              description = "With so many combinations of labels, further ones are counted as other.",
              default = 5000,
              between = { 10, 100000 },
              required = true,
            },
          },
          {
            idle_seconds = {
              type = "number",
              description = "A combination of labels that was not used for so long is forgotten.",
              default = 900,
              between = { 10, 86400 },
              custom_validator = checks.number({ max = 86400, min = 10 }),
              required = true,
            },
          },
          {
            exemplars = {
              type = "boolean",
              description = "Show the trace of a request beside a bucket, in OpenMetrics, when requests bring a traceparent header.",
              default = true,
              required = true,
            },
          },
          {
            tokens = {
              type = "string",
              description = "Count the tokens that answers in OpenAI's format say they used, by model.",
              default = "off",
              len_min = 0,
              one_of = { "off", "openai" },
              required = true,
            },
          },
          {
            push = {
              type = "record",
              fields = {
                {
                  statsd = {
                    type = "record",
                    description = "Send the figures to a StatsD server by UDP.",
                    fields = {
                      {
                        address = {
                          type = "string",
                          description = "Where the server listens: host:port.",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "host:port", pattern = "^[A-Za-z0-9._:\\[\\x5d-]{1,255}:[0-9]{1,5}(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        flavor = {
                          type = "string",
                          description = "With tags, or with the labels' values in the names.",
                          default = "dogstatsd",
                          len_min = 0,
                          one_of = { "statsd", "dogstatsd" },
                          required = true,
                        },
                      },
                      {
                        interval_seconds = {
                          type = "number",
                          description = "How often each worker sends.",
                          default = 10,
                          between = { 1, 300 },
                          custom_validator = checks.number({ max = 300, min = 1 }),
                          required = true,
                        },
                      },
                      {
                        prefix = {
                          type = "string",
                          description = "How every name begins.",
                          default = "gateway",
                          len_min = 0,
                          custom_validator = checks.text({ expects = "letters, digits, . _ and -", pattern = "^[A-Za-z0-9_.-]{1,100}(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        mtu_bytes = {
                          type = "integer",
                          description = "No datagram is larger.",
                          default = 1432,
                          between = { 128, 8192 },
                          required = true,
                        },
                      },
                    },
                    required = false,
                  },
                },
              },
              required = true,
            },
          },
          {
            autoscale = {
              type = "record",
              description = "Say how many replicas the upstream should have; all routes to it must say the same.",
              fields = {
                {
                  metric = {
                    type = "string",
                    description = "What is compared: requests a second, requests under way, or the 99th percentile of durations.",
                    default = "rps",
                    len_min = 0,
                    one_of = { "rps", "in_flight", "latency_p99" },
                    required = true,
                  },
                },
                {
                  target = {
                    type = "number",
                    description = "What one replica bears; seconds for latency_p99.",
                    gt = 0,
                    between = { 0, 1000000000 },
                    custom_validator = checks.number({ above = 0, max = 1000000000 }),
                    required = true,
                  },
                },
                {
                  min = {
                    type = "integer",
                    description = "Never fewer replicas.",
                    default = 1,
                    between = { 0, 10000 },
                    required = true,
                  },
                },
                {
                  max = {
                    type = "integer",
                    description = "Never more replicas.",
                    default = 10,
                    between = { 1, 10000 },
                    required = true,
                  },
                },
                {
                  tolerance = {
                    type = "number",
                    description = "Nothing is done while the metric is so near the target, as a share of it.",
                    default = 0.1,
                    between = { 0, 1 },
                    custom_validator = checks.number({ max = 1, min = 0 }),
                    required = true,
                  },
                },
                {
                  window_seconds = {
                    type = "number",
                    description = "The metric is taken over so long.",
                    default = 60,
                    between = { 5, 300 },
                    custom_validator = checks.number({ max = 300, min = 5 }),
                    required = true,
                  },
                },
                {
                  scale_up_stabilization_seconds = {
                    type = "number",
                    description = "Up goes only what was asked for throughout so long.",
                    default = 0,
                    between = { 0, 3600 },
                    custom_validator = checks.number({ max = 3600, min = 0 }),
                    required = true,
                  },
                },
                {
                  scale_down_stabilization_seconds = {
                    type = "number",
                    description = "Down goes only what was asked for throughout so long.",
                    default = 300,
                    between = { 0, 3600 },
                    custom_validator = checks.number({ max = 3600, min = 0 }),
                    required = true,
                  },
                },
                {
                  cooldown_seconds = {
                    type = "number",
                    description = "After a change, none in the other direction for so long.",
                    default = 0,
                    between = { 0, 3600 },
                    custom_validator = checks.number({ max = 3600, min = 0 }),
                    required = true,
                  },
                },
                {
                  replicas = {
                    type = "integer",
                    description = "How many replicas there are, where the gateway cannot count them (a Service's name as target).",
                    between = { 0, 10000 },
                    required = false,
                  },
                },
              },
              required = false,
            },
          },
        },
        custom_validator = checks.dicts({ "autoscale_metrics" }),
      },
    },
  },
  entity_checks = {
    {
      custom_entity_check = {
        field_sources = {
          "config",
        },
        fn = checks.crossField(check),
      },
    },
  },
}
