local typedefs = require("kong.db.schema.typedefs")
local checks = require("autoscale.kong.schema-checks")
local check = require("autoscale.plugins.adaptive-rate-limit.check").check

return {
  name = "adaptive-rate-limit",
  fields = {
    { consumer = typedefs.no_consumer },
    { protocols = typedefs.protocols_http },
    {
      config = {
        type = "record",
        required = true,
        description = "Limits what clients may send, exactly over all workers, and less while the gateway or its backends are under stress.",
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
            name = {
              type = "string",
              description = "The policy's name in headers and metrics.",
              default = "default",
              len_min = 0,
              custom_validator = checks.text({ expects = "a name in small letters", maxLength = 50, pattern = "^[a-z0-9_.-]+(?![\\s\\S])" }),
              required = true,
            },
          },
          {
            algorithm = {
              type = "string",
              description = "Evenly with a burst, over the last window, or in each window of the clock.",
              default = "gcra",
              len_min = 0,
              one_of = { "gcra", "sliding-window", "fixed-window" },
              required = true,
            },
          },
          {
            limit = {
              type = "number",
              description = "How much cost is let through in window_seconds.",
              default = 100,
              gt = 0,
              between = { 0, 1000000000 },
              custom_validator = checks.number({ above = 0, max = 1000000000 }),
              required = true,
            },
          },
          {
            window_seconds = {
              type = "number",
              description = "The time that the limit is for.",
              default = 60,
              custom_validator = checks.number({ max = 2678400, min = 0.1 }),
              required = true,
            },
          },
          {
            burst = {
              type = "number",
              description = "GCRA: what may come at once after a pause. Absent: a tenth of the limit, at least 1.",
              between = { 1, 1000000000 },
              custom_validator = checks.number({ max = 1000000000, min = 1 }),
              required = false,
            },
          },
          {
            key = {
              type = "array",
              description = "What clients are told apart by; several together are one key.",
              default = {
                "client_address",
              },
              len_min = 1,
              len_max = 8,
              elements = {
                type = "string",
                description = "One thing of the request that clients are told apart by.",
                len_min = 0,
                custom_validator = checks.text({ expects = "client_address, path, route, consumer, constant, header:N, cookie:N, query:N or path:N", maxLength = 200, pattern = "^(?:client_address|path|route|consumer|constant|(?:header|cookie|query|path):[!-9;-~]+)(?![\\s\\S])" }),
              },
              required = true,
            },
          },
          {
            tiers = {
              type = "record",
              description = "Limits by plan.",
              fields = {
                {
                  by = {
                    type = "string",
                    description = "Where the tier of a request is said.",
                    len_min = 0,
                    custom_validator = checks.text({ expects = "header:N or consumer", maxLength = 200, pattern = "^(?:consumer|header:[A-Za-z0-9-]+)(?![\\s\\S])" }),
                    required = true,
                  },
                },
                {
                  default = {
                    type = "string",
                    description = "The tier of requests that say none, or one that is not in limits.",
                    len_min = 1,
                    custom_validator = checks.text({ maxLength = 100, minLength = 1 }),
                    required = true,
                  },
                },
                {
                  limits = {
                    type = "map",
                    description = "Limits by tier.",
                    len_min = 1,
                    len_max = 100,
                    keys = {
                      type = "string",
                      len_min = 0,
                    },
                    values = {
                      type = "number",
                      description = "The tier's limit in place of `limit`.",
                      gt = 0,
                      between = { 0, 1000000000 },
                      custom_validator = checks.number({ above = 0, max = 1000000000 }),
                    },
                    required = true,
                  },
                },
                {
                  floors = {
                    type = "map",
                    description = "Floors by tier: the higher, the later a tier is cut under stress. 1: never.",
                    default = {},
                    len_max = 100,
                    keys = {
                      type = "string",
                      len_min = 0,
                    },
                    values = {
                      type = "number",
                      description = "The tier's floor in place of `adapt.floor`.",
                      custom_validator = checks.number({ max = 1, min = 0.01 }),
                    },
                    required = true,
                  },
                },
              },
              required = false,
            },
          },
          {
            cost = {
              type = "number",
              description = "What each request takes of the limit.",
              default = 1,
              gt = 0,
              between = { 0, 1000000 },
              custom_validator = checks.number({ above = 0, max = 1000000 }),
              required = true,
            },
          },
          {
            cost_from = {
              type = "string",
              description = "The header of the request that says what it costs, where that is more than `cost`. At most a million.",
              len_min = 0,
              custom_validator = checks.text({ expects = "header:N", maxLength = 200, pattern = "^header:[A-Za-z0-9-]+(?![\\s\\S])" }),
              required = false,
            },
          },
          {
            shared = {
              type = "string",
              description = "All routes that name it share this limit. Absent: each route has its own.",
              len_min = 1,
              custom_validator = checks.text({ expects = "a name", maxLength = 100, minLength = 1, pattern = "^[A-Za-z0-9_.-]+(?![\\s\\S])" }),
              required = false,
            },
          },
          {
            also = {
              type = "array",
              description = "More policies: a request must pass all of them.",
              default = {},
              len_max = 7,
              elements = {
                type = "record",
                fields = {
                  {
                    name = {
                      type = "string",
                      description = "The policy's name in headers and metrics; unique on the route.",
                      len_min = 0,
                      custom_validator = checks.text({ expects = "a name in small letters", maxLength = 50, pattern = "^[a-z0-9_.-]+(?![\\s\\S])" }),
                      required = true,
                    },
                  },
                  {
                    algorithm = {
                      type = "string",
                      description = "Evenly with a burst, over the last window, or in each window of the clock.",
                      default = "gcra",
                      len_min = 0,
                      one_of = { "gcra", "sliding-window", "fixed-window" },
                      required = true,
                    },
                  },
                  {
                    limit = {
                      type = "number",
                      description = "How much cost is let through in window_seconds.",
                      default = 100,
                      gt = 0,
                      between = { 0, 1000000000 },
                      custom_validator = checks.number({ above = 0, max = 1000000000 }),
                      required = true,
                    },
                  },
                  {
                    window_seconds = {
                      type = "number",
                      description = "The time that the limit is for.",
                      default = 60,
                      custom_validator = checks.number({ max = 2678400, min = 0.1 }),
                      required = true,
                    },
                  },
                  {
                    burst = {
                      type = "number",
                      description = "GCRA: what may come at once after a pause. Absent: a tenth of the limit, at least 1.",
                      between = { 1, 1000000000 },
                      custom_validator = checks.number({ max = 1000000000, min = 1 }),
                      required = false,
                    },
                  },
                  {
                    key = {
                      type = "array",
                      description = "What clients are told apart by; several together are one key.",
                      default = {
                        "client_address",
                      },
                      len_min = 1,
                      len_max = 8,
                      elements = {
                        type = "string",
                        description = "One thing of the request that clients are told apart by.",
                        len_min = 0,
                        custom_validator = checks.text({ expects = "client_address, path, route, consumer, constant, header:N, cookie:N, query:N or path:N", maxLength = 200, pattern = "^(?:client_address|path|route|consumer|constant|(?:header|cookie|query|path):[!-9;-~]+)(?![\\s\\S])" }),
                      },
                      required = true,
                    },
                  },
                  {
                    tiers = {
                      type = "record",
                      description = "Limits by plan.",
                      fields = {
                        {
                          by = {
                            type = "string",
                            description = "Where the tier of a request is said.",
                            len_min = 0,
                            custom_validator = checks.text({ expects = "header:N or consumer", maxLength = 200, pattern = "^(?:consumer|header:[A-Za-z0-9-]+)(?![\\s\\S])" }),
                            required = true,
                          },
                        },
                        {
                          default = {
                            type = "string",
                            description = "The tier of requests that say none, or one that is not in limits.",
                            len_min = 1,
                            custom_validator = checks.text({ maxLength = 100, minLength = 1 }),
                            required = true,
                          },
                        },
                        {
                          limits = {
                            type = "map",
                            description = "Limits by tier.",
                            len_min = 1,
                            len_max = 100,
                            keys = {
                              type = "string",
                              len_min = 0,
                            },
                            values = {
                              type = "number",
                              description = "The tier's limit in place of `limit`.",
                              gt = 0,
                              between = { 0, 1000000000 },
                              custom_validator = checks.number({ above = 0, max = 1000000000 }),
                            },
                            required = true,
                          },
                        },
                        {
                          floors = {
                            type = "map",
                            description = "Floors by tier: the higher, the later a tier is cut under stress. 1: never.",
                            default = {},
                            len_max = 100,
                            keys = {
                              type = "string",
                              len_min = 0,
                            },
                            values = {
                              type = "number",
                              description = "The tier's floor in place of `adapt.floor`.",
                              custom_validator = checks.number({ max = 1, min = 0.01 }),
                            },
                            required = true,
                          },
                        },
                      },
                      required = false,
                    },
                  },
                  {
                    cost = {
                      type = "number",
                      description = "What each request takes of the limit.",
                      default = 1,
                      gt = 0,
                      between = { 0, 1000000 },
                      custom_validator = checks.number({ above = 0, max = 1000000 }),
                      required = true,
                    },
                  },
                  {
                    cost_from = {
                      type = "string",
                      description = "The header of the request that says what it costs, where that is more than `cost`. At most a million.",
                      len_min = 0,
                      custom_validator = checks.text({ expects = "header:N", maxLength = 200, pattern = "^header:[A-Za-z0-9-]+(?![\\s\\S])" }),
                      required = false,
                    },
                  },
                  {
                    shared = {
                      type = "string",
                      description = "All routes that name it share this limit. Absent: each route has its own.",
                      len_min = 1,
                      custom_validator = checks.text({ expects = "a name", maxLength = 100, minLength = 1, pattern = "^[A-Za-z0-9_.-]+(?![\\s\\S])" }),
                      required = false,
                    },
                  },
                },
              },
              required = true,
            },
          },
          {
            adapt = {
              type = "record",
              fields = {
                {
                  gateway_cpu = {
                    type = "number",
                    description = "Share of the processors it may use at which the gateway is under stress. Absent: 0.8 while nothing else is set.",
                    gt = 0,
                    between = { 0, 1 },
                    custom_validator = checks.number({ above = 0, max = 1 }),
                    required = false,
                  },
                },
                {
                  loop_lag_seconds = {
                    type = "number",
                    description = "How late an event loop may run before the gateway is under stress. Absent: 0.25 while nothing else is set.",
                    custom_validator = checks.number({ max = 10, min = 0.01 }),
                    required = false,
                  },
                },
                {
                  latency_seconds = {
                    type = "number",
                    description = "Mean time of the route's upstream that is stress.",
                    custom_validator = checks.number({ max = 600, min = 0.001 }),
                    required = false,
                  },
                },
                {
                  error_rate = {
                    type = "number",
                    description = "Percent of the upstream's answers (5xx, or none) that is stress.",
                    gt = 0,
                    between = { 0, 100 },
                    custom_validator = checks.number({ above = 0, max = 100 }),
                    required = false,
                  },
                },
                {
                  external = {
                    type = "boolean",
                    description = "Hear `PUT /limits/<route>`, and alerts that give the route's limits a factor.",
                    default = true,
                    required = true,
                  },
                },
                {
                  floor = {
                    type = "number",
                    description = "No limit falls below this share of itself.",
                    default = 0.1,
                    custom_validator = checks.number({ max = 1, min = 0.01 }),
                    required = true,
                  },
                },
                {
                  decrease = {
                    type = "number",
                    description = "Under stress the share is multiplied by this in each interval.",
                    default = 0.8,
                    custom_validator = checks.number({ max = 0.99, min = 0.1 }),
                    required = true,
                  },
                },
                {
                  increase = {
                    type = "number",
                    description = "Without stress this is added to the share in each interval.",
                    default = 0.05,
                    custom_validator = checks.number({ max = 1, min = 0.001 }),
                    required = true,
                  },
                },
                {
                  interval_seconds = {
                    type = "number",
                    description = "How often the share is looked at.",
                    default = 1,
                    custom_validator = checks.number({ max = 60, min = 0.5 }),
                    required = true,
                  },
                },
                {
                  hold_seconds = {
                    type = "number",
                    description = "After a cut the share does not rise for so long.",
                    default = 10,
                    between = { 0, 600 },
                    custom_validator = checks.number({ max = 600, min = 0 }),
                    required = true,
                  },
                },
                {
                  surge_multiple = {
                    type = "number",
                    description = "Clients that send this many times of what they are used to are cut first. Absent: all alike.",
                    custom_validator = checks.number({ max = 100, min = 1.5 }),
                    required = false,
                  },
                },
              },
              required = true,
            },
          },
          {
            store = {
              type = "record",
              description = "Where the state of limits lies. Without `redis`: in this gateway node's own memory.",
              fields = {
                {
                  redis = {
                    type = "record",
                    description = "The Redis that several gateways share.",
                    fields = {
                      {
                        url = {
                          type = "string",
                          description = "The Redis that gateways share their limits by.",
                          encrypted = true,
                          referenceable = true,
                          len_min = 0,
                          custom_validator = checks.text({ expects = "redis://[user:password@]host[:port][/database], or rediss:// for TLS", maxLength = 500, pattern = "^rediss?://[!-~]+(?![\\s\\S])" }),
                          required = true,
                        },
                      },
                      {
                        timeout_seconds = {
                          type = "number",
                          description = "Time for Redis to decide about a request, connecting included.",
                          default = 0.05,
                          custom_validator = checks.number({ max = 10, min = 0.001 }),
                          required = true,
                        },
                      },
                      {
                        mode = {
                          type = "string",
                          description = "Ask for each request, or lease cost ahead and decide here.",
                          default = "exact",
                          len_min = 0,
                          one_of = { "exact", "batch" },
                          required = true,
                        },
                      },
                      {
                        retry_seconds = {
                          type = "number",
                          description = "So long a Redis that failed is left alone.",
                          default = 1,
                          custom_validator = checks.number({ max = 60, min = 0.1 }),
                          required = true,
                        },
                      },
                      {
                        tls_verify = {
                          type = "boolean",
                          description = "Check the certificate of rediss://.",
                          default = true,
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
            replicas = {
              type = "integer",
              description = "How many gateways share the limit where there is no Redis, or it is lost: each gives its part.",
              default = 1,
              between = { 1, 10000 },
              required = true,
            },
          },
          {
            replicas_dns = {
              type = "string",
              description = "A name with one address for each gateway, as a headless service has, in place of `replicas`.",
              len_min = 1,
              custom_validator = checks.text({ expects = "a host name", maxLength = 253, minLength = 1, pattern = "^[A-Za-z0-9_.-]+(?![\\s\\S])" }),
              required = false,
            },
          },
          {
            headers = {
              type = "string",
              description = "RateLimit and RateLimit-Policy, X-RateLimit-* and RateLimit-Limit and so on, or none.",
              default = "ietf",
              len_min = 0,
              one_of = { "ietf", "legacy", "none" },
              required = true,
            },
          },
          {
            reject = {
              type = "record",
              fields = {
                {
                  status = {
                    type = "integer",
                    description = "Status of the answer to a refused request.",
                    default = 429,
                    between = { 400, 599 },
                    required = true,
                  },
                },
                {
                  body = {
                    type = "string",
                    description = "Body of the answer. Empty: problem details (RFC 9457) that say which policy refused it.",
                    default = "",
                    len_min = 0,
                    custom_validator = checks.text({ maxLength = 65536 }),
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
        },
        custom_validator = checks.dicts({ "autoscale", "autoscale_limits" }),
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
