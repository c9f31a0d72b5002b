-- Made by autoscale-lua.
return require("autoscale.kong.handler").handler({
  fields = {
    "scope",
    "window",
    "minimum_calls",
    "failure_rate",
    "failure_statuses",
    "slow_call",
    "open",
    "half_open",
    "recovery_seconds",
    "adapt",
    "fallback",
  },
  module = "autoscale.plugins.circuit-breaker.plugin",
  name = "circuit-breaker",
  phases = {
    access = true,
    log = true,
    select_upstream = true,
  },
  priority = 915,
  version = "<version>",
})
