-- Made by autoscale-lua from gateway.yaml: what the gateway runs. Plain data.
return {
  routes = {
    {
      hosts = {},
      id = "r1_all",
      locations = {},
      methods = {},
      name = "all",
      path = "/",
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
          shadow = false,
        },
        {
          config = {
            above = 0.7,
          },
          module = "autoscale.plugins.shed-when-busy.plugin",
          name = "shed-when-busy",
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
