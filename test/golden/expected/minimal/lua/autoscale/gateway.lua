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
      plugins = {},
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
