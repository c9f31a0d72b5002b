-- Made by autoscale-lua from gateway.yaml: what the gateway runs. Plain data.
return {
  admin = {
    token = "golden",
  },
  routes = {
    {
      id = "r1_home",
      locations = {},
      name = "home",
      plugins = {},
      upstream = "users",
    },
    {
      id = "r2_exact",
      locations = {},
      name = "exact",
      plugins = {},
      upstream = "users",
    },
    {
      id = "r3_regex",
      locations = {},
      name = "regex",
      plugins = {},
      upstream = "users",
    },
    {
      id = "r4_odd",
      locations = {},
      name = "odd",
      plugins = {},
      upstream = "users",
    },
    {
      id = "r5_things_read",
      locations = {},
      name = "things.read",
      plugins = {},
      upstream = "users",
    },
    {
      id = "r6_things_read",
      locations = {
        ["users-v2"] = "@autoscale_r6_things_read_to_u3_users_v2",
      },
      name = "things-read",
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
              upstream = "users-v2",
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
      upstream = "users",
    },
    {
      id = "r7_things",
      locations = {},
      name = "things",
      plugins = {},
      upstream = "users.v2",
    },
    {
      id = "r8_deep",
      locations = {},
      name = "deep",
      plugins = {},
      upstream = "users-v2",
    },
    {
      id = "r9_only_get",
      locations = {},
      name = "only-get",
      plugins = {},
      upstream = "users",
    },
    {
      id = "r10_detour",
      locations = {
        secure = "@autoscale_r10_detour_to_u4_secure",
      },
      name = "detour",
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
              upstream = "secure",
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
      upstream = "users",
    },
    {
      id = "r11_secure",
      locations = {},
      name = "secure",
      plugins = {},
      upstream = "secure",
    },
    {
      id = "r12_secure_by_address",
      locations = {},
      name = "secure-by-address",
      plugins = {},
      upstream = "secure-by-address",
    },
    {
      id = "r13_calls",
      locations = {},
      name = "calls",
      plugins = {},
      upstream = "calls",
    },
    {
      id = "r14_long_host",
      locations = {},
      name = "long-host",
      plugins = {},
      upstream = "users",
    },
  },
  upstreams = {
    calls = {
      balanced = false,
      id = "u6_calls",
      keys = {
        "127.0.0.1:9005",
      },
      peers = {
        {
          host = "127.0.0.1",
          port = 9005,
          priority = 0,
          weight = 1,
        },
      },
      retries = 1,
    },
    secure = {
      balanced = false,
      id = "u4_secure",
      keys = {
        "localhost:9443",
      },
      peers = {},
      retries = 1,
    },
    ["secure-by-address"] = {
      balanced = false,
      id = "u5_secure_by_address",
      keys = {
        "127.0.0.1:9444",
      },
      peers = {
        {
          host = "127.0.0.1",
          port = 9444,
          priority = 0,
          weight = 1,
        },
      },
      retries = 1,
    },
    users = {
      balanced = false,
      id = "u1_users",
      keys = {
        "127.0.0.1:9001",
        "localhost:9002",
        "[::1]:9003",
        "127.0.0.2:9003",
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
          port = 9003,
          priority = 5,
          weight = 1,
        },
        {
          host = "127.0.0.2",
          port = 9003,
          priority = 9,
          weight = 1,
        },
      },
      retries = 2,
    },
    ["users-v2"] = {
      balanced = false,
      id = "u3_users_v2",
      keys = {
        "127.0.0.1:9012",
      },
      peers = {
        {
          host = "127.0.0.1",
          port = 9012,
          priority = 0,
          weight = 1,
        },
      },
      retries = 1,
    },
    ["users.v2"] = {
      balanced = false,
      id = "u2_users_v2",
      keys = {
        "127.0.0.1:9011",
      },
      peers = {
        {
          host = "127.0.0.1",
          port = 9011,
          priority = 0,
          weight = 1,
        },
      },
      retries = 0,
    },
  },
  version = "<version>",
}
