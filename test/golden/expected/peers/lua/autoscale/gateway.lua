-- Made by autoscale-lua from gateway.yaml: what the gateway runs. Plain data.
return {
  routes = {
    {
      hosts = {},
      id = "r1_guarded",
      locations = {
        listed = "@autoscale_r1_guarded_to_u2_listed",
      },
      methods = {},
      name = "guarded",
      path = "/guarded",
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
              upstream = "listed",
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
            scope = "peer",
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
      upstream = "guarded",
    },
    {
      hosts = {},
      id = "r2_shared",
      locations = {},
      methods = {},
      name = "shared",
      path = "/shared",
      plugins = {},
      upstream = "guarded",
    },
    {
      hosts = {},
      id = "r3_listed",
      locations = {},
      methods = {},
      name = "listed",
      path = "/listed",
      plugins = {},
      upstream = "listed",
    },
    {
      hosts = {},
      id = "r4_plain",
      locations = {},
      methods = {},
      name = "plain",
      path = "/",
      plugins = {},
      upstream = "plain",
    },
  },
  upstreams = {
    guarded = {
      balanced = true,
      id = "u1_guarded",
      keys = {
        "127.0.0.1:9001",
        "[::1]:9002",
      },
      peers = {
        {
          host = "127.0.0.1",
          port = 9001,
          priority = 0,
          weight = 1,
        },
        {
          host = "::1",
          port = 9002,
          priority = 1,
          weight = 5,
        },
      },
      protocol = "http",
      retries = 1,
    },
    listed = {
      balanced = true,
      file = {
        intervalSeconds = 2,
        path = "/site/peers.json",
      },
      id = "u2_listed",
      keys = {},
      peers = {},
      protocol = "http",
      retries = 1,
    },
    plain = {
      balanced = false,
      id = "u3_plain",
      keys = {
        "127.0.0.1:9003",
      },
      peers = {
        {
          host = "127.0.0.1",
          port = 9003,
          priority = 0,
          weight = 1,
        },
      },
      protocol = "http",
      retries = 1,
    },
  },
  version = "<version>",
}
