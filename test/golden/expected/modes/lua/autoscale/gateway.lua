-- Made by autoscale-lua from gateway.yaml: what the gateway runs. Plain data.
return {
  routes = {
    {
      hosts = {},
      id = "r1_enforced",
      locations = {},
      methods = {},
      name = "enforced",
      path = "/enforced",
      plugins = {
        {
          config = {
            adapt = {
              criticality = "normal",
              pressure = true,
            },
            failure_rate = 40,
            failure_statuses = {
              "500-599",
            },
            fallback = {
              body = "",
              headers = {},
              status = 503,
            },
            half_open = {
              calls = 10,
              timeout_seconds = 30,
            },
            minimum_calls = 20,
            open = {
              jitter = 0.1,
              max_seconds = 300,
              multiplier = 2,
              seconds = 30,
            },
            recovery_seconds = 0,
            scope = "route",
            slow_call = {
              rate = 100,
              seconds = 5,
            },
            window = {
              calls = 100,
              seconds = 10,
              type = "time",
            },
          },
          module = "autoscale.plugins.circuit-breaker.plugin",
          name = "circuit-breaker",
          shadow = false,
        },
      },
      upstream = "one",
    },
    {
      hosts = {},
      id = "r2_shadow",
      locations = {},
      methods = {},
      name = "shadow",
      path = "/shadow",
      plugins = {
        {
          config = {
            adapt = {
              criticality = "normal",
              pressure = true,
            },
            failure_rate = 50,
            failure_statuses = {
              "500-599",
            },
            fallback = {
              body = "",
              headers = {},
              status = 503,
            },
            half_open = {
              calls = 10,
              timeout_seconds = 30,
            },
            minimum_calls = 20,
            open = {
              jitter = 0.1,
              max_seconds = 300,
              multiplier = 2,
              seconds = 30,
            },
            recovery_seconds = 0,
            scope = "route",
            slow_call = {
              rate = 100,
              seconds = 5,
            },
            window = {
              calls = 100,
              seconds = 10,
              type = "time",
            },
          },
          module = "autoscale.plugins.circuit-breaker.plugin",
          name = "circuit-breaker",
          shadow = true,
        },
      },
      upstream = "one",
    },
    {
      hosts = {},
      id = "r3_off",
      locations = {},
      methods = {},
      name = "off",
      path = "/off",
      plugins = {},
      upstream = "one",
    },
    {
      hosts = {},
      id = "r4_removed",
      locations = {},
      methods = {},
      name = "removed",
      path = "/removed",
      plugins = {},
      upstream = "one",
    },
    {
      hosts = {},
      id = "r5_own",
      locations = {},
      methods = {},
      name = "own",
      path = "/own",
      plugins = {
        {
          config = {
            adapt = {
              criticality = "normal",
              pressure = true,
            },
            failure_rate = 50,
            failure_statuses = {
              "500-599",
            },
            fallback = {
              body = "line\010]] \195\169",
              headers = {
                ["X-Quote"] = "a \"b\" \\ $c",
              },
              status = 200,
            },
            half_open = {
              calls = 10,
              timeout_seconds = 30,
            },
            minimum_calls = 20,
            open = {
              jitter = 0.1,
              max_seconds = 300,
              multiplier = 2,
              seconds = 30,
            },
            recovery_seconds = 0,
            scope = "route",
            slow_call = {
              rate = 100,
              seconds = 5,
            },
            window = {
              calls = 100,
              seconds = 10,
              type = "time",
            },
          },
          module = "autoscale.plugins.circuit-breaker.plugin",
          name = "circuit-breaker",
          shadow = false,
        },
      },
      upstream = "one",
    },
  },
  upstreams = {
    one = {
      balanced = false,
      id = "u1_one",
      keys = {
        "127.0.0.1:9001",
      },
      peers = {
        {
          host = "127.0.0.1",
          port = 9001,
          priority = 0,
          weight = 1,
        },
      },
      protocol = "http",
    },
  },
  version = "<version>",
}
