-- The compiled circuit breaker without a host: what a host's wrapper is compared with. Its context is as plain as it can be.
local facts = {
  proxied = function()
    return ngx.status < 400 or ngx.var.upstream_status ~= nil
  end,
  routedTo = function() end,
}

local memory = {
  remember = function(key, value)
    ngx.ctx[key] = value
  end,
  recall = function(key)
    return ngx.ctx[key]
  end,
}

-- Returns the plugin's handlers and the context they are called with.
return function(config)
  local start = require("autoscale.runtime.instance").instanceStarter(function()
    return "see hosts/variants.mjs"
  end)
  local instance = assert(start({
    plugin = "circuit-breaker",
    module = "autoscale.plugins.circuit-breaker.plugin",
    config = config,
    shadow = false,
    place = { route = "service", upstream = "service", peers = {} },
  }))
  return instance.handlers, require("autoscale.runtime.request-context").createContext(memory, facts)
end
