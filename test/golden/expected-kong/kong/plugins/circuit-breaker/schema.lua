local typedefs = require("kong.db.schema.typedefs")
local checks = require("autoscale.kong.schema-checks")
local check = require("autoscale.plugins.circuit-breaker.check").check

return {
  name = "circuit-breaker",
  fields = {
    { consumer = typedefs.no_consumer },
    { protocols = typedefs.protocols_http },
    {
      config = {
        type = "record",
        required = true,
        description = "Stops sending requests to an upstream that fails or is slow, tries it with a few, and lets traffic back in.",
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
            scope = {
              type = "string",
              description = "One breaker for the route, for its upstream, or for each peer of the upstream.",
              default = "route",
              len_min = 0,
              one_of = { "route", "upstream", "peer" },
              required = true,
            },
          },
          {
            window = {
              type = "record",
              fields = {
                {
                  type = {
                    type = "string",
                    description = "Judge the calls of the last seconds, or the last calls.",
                    default = "time",
                    len_min = 0,
                    one_of = { "time", "count" },
                    required = true,
                  },
                },
                {
                  seconds = {
                    type = "number",
                    description = "Length of a time window.",
                    default = 10,
                    between = { 1, 600 },
                    custom_validator = checks.number({ max = 600, min = 1 }),
                    required = true,
                  },
                },
                {
                  calls = {
                    type = "integer",
                    description = "Length of a count window.",
                    default = 100,
                    between = { 1, 10000 },
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            minimum_calls = {
              type = "integer",
              description = "With fewer calls in the window nothing trips.",
              default = 20,
              between = { 1, 10000 },
              required = true,
            },
          },
          {
            failure_rate = {
              type = "number",
              description = "Percent of failed calls in the window that trips the breaker.",
              default = 50,
              gt = 0,
              between = { 0, 100 },
              custom_validator = checks.number({ above = 0, max = 100 }),
              required = true,
            },
          },
          {
            failure_statuses = {
              type = "array",
              description = "Statuses that count as failures. Connection errors and timeouts always do.",
              default = {
                "500-599",
              },
              len_max = 100,
              elements = {
                type = "string",
                description = "A status or a range of statuses.",
                len_min = 0,
                custom_validator = checks.text({ expects = "503 or 500-599", pattern = "^[0-9]{3}(?:-[0-9]{3})?(?![\\s\\S])" }),
              },
              required = true,
            },
          },
          {
            slow_call = {
              type = "record",
              fields = {
                {
                  seconds = {
                    type = "number",
                    description = "A call that takes this long or longer is slow.",
                    default = 5,
                    custom_validator = checks.number({ max = 3600, min = 0.001 }),
                    required = true,
                  },
                },
                {
                  rate = {
                    type = "number",
                    description = "Percent of slow calls in the window that trips the breaker.",
                    default = 100,
                    gt = 0,
                    between = { 0, 100 },
                    custom_validator = checks.number({ above = 0, max = 100 }),
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            open = {
              type = "record",
              fields = {
                {
                  seconds = {
                    type = "number",
                    description = "How long the breaker stays open the first time.",
                    default = 30,
                    custom_validator = checks.number({ max = 86400, min = 0.1 }),
                    required = true,
                  },
                },
                {
                  multiplier = {
                    type = "number",
                    description = "Factor for each further time in a row.",
                    default = 2,
                    between = { 1, 100 },
                    custom_validator = checks.number({ max = 100, min = 1 }),
                    required = true,
                  },
                },
                {
                  max_seconds = {
                    type = "number",
                    description = "No open time is longer, jitter aside.",
                    default = 300,
                    custom_validator = checks.number({ max = 86400, min = 0.1 }),
                    required = true,
                  },
                },
                {
                  jitter = {
                    type = "number",
                    description = "Share by which an open time is randomly longer or shorter.",
                    default = 0.1,
                    custom_validator = checks.number({ max = 0.9, min = 0 }),
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            half_open = {
              type = "record",
              fields = {
                {
                  calls = {
                    type = "integer",
                    description = "How many probes decide, and may be under way at once.",
                    default = 10,
                    between = { 1, 10000 },
                    required = true,
                  },
                },
                {
                  timeout_seconds = {
                    type = "number",
                    description = "A probe without a result holds its place no longer.",
                    default = 30,
                    between = { 1, 3600 },
                    custom_validator = checks.number({ max = 3600, min = 1 }),
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            recovery_seconds = {
              type = "number",
              description = "After closing, admit a rising share of requests for so long.",
              default = 0,
              between = { 0, 3600 },
              custom_validator = checks.number({ max = 3600, min = 0 }),
              required = true,
            },
          },
          {
            adapt = {
              type = "record",
              fields = {
                {
                  criticality = {
                    type = "string",
                    description = "How much the traffic matters. Under load the thresholds of what matters least fall most.",
                    default = "normal",
                    len_min = 0,
                    one_of = { "low", "normal", "high" },
                    required = true,
                  },
                },
                {
                  pressure = {
                    type = "boolean",
                    description = "Lower the thresholds while this gateway worker is loaded.",
                    default = true,
                    required = true,
                  },
                },
              },
              required = true,
            },
          },
          {
            fallback = {
              type = "record",
              fields = {
                {
                  status = {
                    type = "integer",
                    description = "Status of the answer to a rejected request.",
                    default = 503,
                    between = { 200, 599 },
                    required = true,
                  },
                },
                {
                  headers = {
                    type = "map",
                    description = "Headers of the answer. Retry-After is added to 429 and 503 unless it is here.",
                    default = {},
                    keys = {
                      type = "string",
                      len_min = 0,
                      custom_validator = checks.key({ expects = "a header name", pattern = "^[A-Za-z0-9-]+(?![\\s\\S])" }),
                    },
                    values = {
                      type = "string",
                      description = "The header's value.",
                      len_min = 0,
                      custom_validator = checks.text({ expects = "one line of printable ASCII", maxLength = 4096, pattern = "^[ -~]*(?![\\s\\S])" }),
                    },
                    required = true,
                  },
                },
                {
                  body = {
                    type = "string",
                    description = "Body of the answer.",
                    default = "",
                    len_min = 0,
                    custom_validator = checks.text({ maxLength = 65536 }),
                    required = true,
                  },
                },
                {
                  redirect = {
                    type = "string",
                    description = "Answer 302 to this URL instead.",
                    len_min = 0,
                    custom_validator = checks.text({ expects = "an http(s) URL or a path", maxLength = 2048, pattern = "^(https?://|/)[!-~]*(?![\\s\\S])" }),
                    required = false,
                  },
                },
                {
                  upstream = {
                    type = "string",
                    description = "Send the request to this upstream of the gateway instead.",
                    len_min = 1,
                    required = false,
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
