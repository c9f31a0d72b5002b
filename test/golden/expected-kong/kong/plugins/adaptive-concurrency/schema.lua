local typedefs = require("kong.db.schema.typedefs")
local checks = require("autoscale.kong.schema-checks")
local check = require("autoscale.plugins.adaptive-concurrency.check").check

return {
  name = "adaptive-concurrency",
  fields = {
    { consumer = typedefs.no_consumer },
    { protocols = typedefs.protocols_http },
    {
      config = {
        type = "record",
        required = true,
        description = "Finds out how many requests an upstream can do at once by its latency, and sheds the least important of the rest.",
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
            algorithm = {
              type = "string",
              description = "How the limit follows latency (gradient2, vegas), or latency and errors (aimd).",
              default = "gradient2",
              len_min = 0,
              one_of = { "gradient2", "vegas", "aimd" },
              required = true,
            },
          },
          {
            limit = {
              type = "record",
              fields = {
                {
                  initial = {
                    type = "integer",
                    description = "Requests under way at once, to begin with.",
                    default = 20,
                    between = { 1, 100000 },
                    required = true,
                  },
                },
                {
                  min = {
                    type = "integer",
                    description = "The limit never falls below.",
                    default = 5,
                    between = { 1, 100000 },
                    required = true,
                  },
                },
                {
                  max = {
                    type = "integer",
                    description = "The limit never rises above.",
                    default = 1000,
                    between = { 1, 100000 },
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            scope = {
              type = "string",
              description = "One limit for the route, or for its upstream.",
              default = "route",
              len_min = 0,
              one_of = { "route", "upstream" },
              required = true,
            },
          },
          {
            priorities = {
              type = "record",
              fields = {
                {
                  by = {
                    type = "string",
                    description = "Where the priority of a request is said.",
                    default = "header:X-Priority",
                    len_min = 0,
                    custom_validator = checks.text({ expects = "header:N or consumer", maxLength = 200, pattern = "^(?:consumer|header:[A-Za-z0-9-]+)(?![\\s\\S])" }),
                    required = true,
                  },
                },
                {
                  default = {
                    type = "string",
                    description = "The priority of requests that say none, or one that is not in shares.",
                    default = "normal",
                    len_min = 1,
                    custom_validator = checks.text({ maxLength = 100, minLength = 1 }),
                    required = true,
                  },
                },
                {
                  shares = {
                    type = "map",
                    description = "Percent of the limit that is open to a priority; the rest is kept for those with a larger share.",
                    default = {
                      batch = 40,
                      critical = 100,
                      normal = 80,
                    },
                    len_min = 1,
                    len_max = 20,
                    keys = {
                      type = "string",
                      len_min = 0,
                    },
                    values = {
                      type = "number",
                      description = "Percent of the limit.",
                      gt = 0,
                      between = { 0, 100 },
                      custom_validator = checks.number({ above = 0, max = 100 }),
                    },
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            queue = {
              type = "record",
              fields = {
                {
                  depth = {
                    type = "integer",
                    description = "So many requests of a worker may wait for a place. 0: none waits.",
                    default = 0,
                    between = { 0, 10000 },
                    required = true,
                  },
                },
                {
                  timeout_seconds = {
                    type = "number",
                    description = "The longest wait.",
                    default = 0.1,
                    custom_validator = checks.number({ max = 60, min = 0.001 }),
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            latency_seconds = {
              type = "number",
              description = "AIMD: a mean time above it lowers the limit, as errors do.",
              custom_validator = checks.number({ max = 600, min = 0.001 }),
              required = false,
            },
          },
          {
            interval_seconds = {
              type = "number",
              description = "How often the limit is looked at.",
              default = 0.5,
              custom_validator = checks.number({ max = 60, min = 0.1 }),
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
                    description = "Status of the answer to a shed request.",
                    default = 503,
                    between = { 400, 599 },
                    required = true,
                  },
                },
                {
                  body = {
                    type = "string",
                    description = "Body of the answer. Empty: problem details (RFC 9457).",
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
        custom_validator = checks.dicts({ "autoscale" }),
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
