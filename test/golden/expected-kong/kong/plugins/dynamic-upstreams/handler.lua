-- Made by autoscale-lua.
return require("autoscale.kong.handler").handler({
  early = true,
  fields = {
    "targets",
    "discovery",
    "balance",
    "health",
    "retries",
  },
  module = "autoscale.plugins.dynamic-upstreams.plugin",
  name = "dynamic-upstreams",
  phases = {
    access = true,
    log = true,
    select_upstream = true,
  },
  priority = 1,
  version = "<version>",
})
