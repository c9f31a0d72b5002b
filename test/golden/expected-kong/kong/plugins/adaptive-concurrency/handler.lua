-- Made by autoscale-lua.
return require("autoscale.kong.handler").handler({
  early = true,
  fields = {
    "algorithm",
    "limit",
    "scope",
    "priorities",
    "queue",
    "latency_seconds",
    "interval_seconds",
    "reject",
  },
  module = "autoscale.plugins.adaptive-concurrency.plugin",
  name = "adaptive-concurrency",
  phases = {
    access = true,
    log = true,
  },
  priority = 908,
  version = "<version>",
})
