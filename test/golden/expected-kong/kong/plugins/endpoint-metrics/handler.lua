-- Made by autoscale-lua.
return require("autoscale.kong.handler").handler({
  fields = {
    "buckets",
    "labels",
    "label_values",
    "max_series",
    "idle_seconds",
    "exemplars",
    "tokens",
    "push",
    "autoscale",
  },
  module = "autoscale.plugins.endpoint-metrics.plugin",
  name = "endpoint-metrics",
  phases = {
    access = true,
    body_filter = true,
    log = true,
  },
  priority = 11,
  version = "<version>",
})
