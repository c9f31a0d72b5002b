-- OpenResty itself: the functions that the generated gateway composes, in the bench's own nginx.conf.
local direct = require("hosts.direct")

local function access_of(run, context)
  return function()
    local decision = run(context)
    if decision ~= nil then
      return ngx.exit(decision.status)
    end
  end
end

local function log_of(run, context)
  return function()
    run(context)
  end
end

-- `wrapped`: the phases that go through our host; the others call the plugin directly.
return function(_, wrapped)
  local gateway = require("autoscale.gateway")
  local route = gateway.routes[1]
  require("autoscale.openresty.gateway").start(gateway)
  local handlers, context = direct(route.plugins[1].config)
  return {
    access = wrapped.access and _G["autoscale_access_" .. route.id] or access_of(handlers.access, context),
    log = wrapped.log and _G["autoscale_log_" .. route.id] or log_of(handlers.log, context),
  }
end
