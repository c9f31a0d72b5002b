-- Made by autoscale-lua from gateway.yaml: what the gateway runs. Plain data.
return {
  admin = {
    events = {},
    token = "golden",
  },
  routes = {
    {
      hosts = {},
      id = "r1_home",
      locations = {},
      methods = {},
      name = "home",
      path = "/",
      plugins = {},
      upstream = "users",
    },
    {
      hosts = {},
      id = "r2_exact",
      locations = {},
      methods = {},
      name = "exact",
      path = "= /health",
      plugins = {},
      upstream = "users",
    },
    {
      hosts = {},
      id = "r3_regex",
      locations = {},
      methods = {},
      name = "regex",
      path = "~ ^/users/[0-9]{1,3}(;v=\"1\")?$",
      plugins = {},
      upstream = "users",
    },
    {
      hosts = {},
      id = "r4_odd",
      locations = {},
      methods = {},
      name = "odd",
      path = "/a.b(c)+$1 |x",
      plugins = {},
      upstream = "users",
    },
    {
      hosts = {},
      id = "r5_things_read",
      locations = {},
      methods = {
        "GET",
        "HEAD",
      },
      name = "things.read",
      path = "/things",
      plugins = {},
      upstream = "users",
    },
    {
      hosts = {},
      id = "r6_things_read",
      locations = {
        ["users-v2"] = "@autoscale_r6_things_read_to_u3_users_v2",
      },
      methods = {
        "POST",
      },
      name = "things-read",
      path = "/things",
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
      hosts = {
        "api.example.com",
        "*.example.org",
      },
      id = "r7_things",
      locations = {},
      methods = {},
      name = "things",
      path = "/things",
      plugins = {},
      upstream = "users.v2",
    },
    {
      hosts = {
        "*.deep.example.org",
      },
      id = "r8_deep",
      locations = {},
      methods = {},
      name = "deep",
      path = "/things",
      plugins = {},
      upstream = "users-v2",
    },
    {
      hosts = {},
      id = "r9_only_get",
      locations = {},
      methods = {
        "GET",
      },
      name = "only-get",
      path = "/only-get/",
      plugins = {},
      upstream = "users",
    },
    {
      hosts = {},
      id = "r10_detour",
      locations = {
        secure = "@autoscale_r10_detour_to_u4_secure",
      },
      methods = {},
      name = "detour",
      path = "/detour",
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
      hosts = {},
      id = "r11_secure",
      locations = {},
      methods = {},
      name = "secure",
      path = "/secure",
      plugins = {},
      upstream = "secure",
    },
    {
      hosts = {},
      id = "r12_secure_by_address",
      locations = {},
      methods = {},
      name = "secure-by-address",
      path = "/secure-by-address",
      plugins = {},
      upstream = "secure-by-address",
    },
    {
      hosts = {},
      id = "r13_calls",
      locations = {},
      methods = {},
      name = "calls",
      path = "/pkg.Service",
      plugins = {},
      upstream = "calls",
    },
    {
      hosts = {
        "a-host-name-of-more-than-thirty-two-characters.department.example.com",
      },
      id = "r14_long_host",
      locations = {},
      methods = {},
      name = "long-host",
      path = "/",
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
      protocol = "grpc",
    },
    secure = {
      balanced = false,
      id = "u4_secure",
      keys = {
        "localhost:9443",
      },
      peers = {
        {
          host = "localhost",
          port = 9443,
          priority = 0,
          weight = 1,
        },
      },
      protocol = "https",
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
      protocol = "https",
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
          host = "localhost",
          port = 9002,
          priority = 0,
          weight = 3,
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
      protocol = "http",
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
      protocol = "http",
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
      protocol = "http",
    },
  },
  version = "<version>",
}
