-- A STAND-IN for Kong: makes what our handler reads of Kong, and calls it as Kong does: with the handler and the shared
-- configuration, access in a coroutine of its own. All of it is there for the direct call too, so that only the wrapper differs.
local direct = require("hosts.direct")
local create, resume, yield = coroutine.create, coroutine.resume, coroutine.yield
local clear = require("table.clear")
local pool = {}

-- ngx.ctx as Kong fills it by the time that access is run; the table comes from a pool.
local function arrive(route, service)
  local ctx = table.remove(pool) or {}
  ngx.ctx = ctx
  ctx.route, ctx.service = route, service
  ctx.plugin_id = route.plugins[1].id
  return ctx
end

kong = {
  response = {
    exit = function(status)
      local ctx = ngx.ctx
      ctx.KONG_EXITED = true
      ctx.delayed = status
      yield()
    end,
  },
}

-- `settings`: of kong.yml. `wrapped`: the phases that go through our handler; the others call the plugin directly.
return function(settings, wrapped)
  local route, service = settings.route, settings.service
  local handler = require("kong.plugins.circuit-breaker.handler")
  local conf = route.plugins[1].config
  local handlers, context = direct(conf)
  kong.db = {
    upstreams = { select_by_name = function() end },
    services = { select = function() return service end },
    routes = { each = function() return next, { [route] = false } end },
  }
  conf.__plugin_id, conf.route_id = route.plugins[1].id, route.id
  handler.init_worker(handler)
  handler.configure(handler, { conf })

  -- The function of a phase and its arguments.
  local function call_of(phase)
    if wrapped[phase] then
      return handler[phase], handler, conf
    end
    return handlers[phase], context
  end

  local access, access_first, access_second = call_of("access")
  local log, log_first, log_second = call_of("log")
  return {
    access = function()
      local ctx = arrive(route, service)
      local ok, decision = resume(create(access), access_first, access_second)
      assert(ok, decision)
      local status = ctx.delayed or decision and decision.status
      if status then
        return ngx.exit(status)
      end
      ctx.KONG_PROXIED = true
    end,
    log = function()
      local ctx = ngx.ctx
      log(log_first, log_second)
      clear(ctx)
      table.insert(pool, ctx)
    end,
  }
end
