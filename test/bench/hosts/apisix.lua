-- A STAND-IN for Apache APISIX: makes what our plugin file reads of APISIX, and calls it as APISIX does: with the shared
-- configuration and the request's table, without self. All of it is there for the direct call too, so that only the wrapper differs.
local direct = require("hosts.direct")
local clear = require("table.clear")
local pool = {}

package.loaded["apisix.core"] = { schema = { check = function() return true end } }
package.loaded["apisix.upstream"] = { upstreams = function() return {} end }
package.loaded["apisix.http.service"] = { get = function() end }
package.loaded["apisix.plugin_config"] = { get = function() end }
package.loaded["apisix.router"] = { http_routes = function() return {} end }

-- The request's table by the time that plugins are run; it comes from a pool.
local function arrive(item)
  local ctx = table.remove(pool) or { var = {} }
  ngx.ctx.api_ctx = ctx
  ctx.matched_route, ctx.route_id, ctx.route_name = item, item.value.id, item.value.name
  ctx.conf_type, ctx.conf_id, ctx.conf_version = "route", item.value.id, 1
  return ctx
end

-- What APISIX's balancer leaves for before_proxy.
local function pick(ctx, upstream, server)
  ctx.upstream_conf, ctx.upstream_scheme, ctx.pass_host = upstream, upstream.scheme, upstream.pass_host
  ctx.picked_server, ctx.balancer_ip, ctx.balancer_port = server, server.host, server.port
end

local function nothing() end

-- `settings`: of apisix.yaml. `wrapped`: the phases that go through our plugin file; the others call the plugin directly.
return function(settings, wrapped)
  local item = { value = settings.route }
  local plugin = require("apisix.plugins.circuit-breaker")
  local conf = settings.route.plugins["circuit-breaker"]
  local handlers, context = direct(conf)
  local node = settings.upstream.nodes[1]
  local server = { host = node.host, port = node.port, upstream_host = node.host }
  plugin.init()
  assert(plugin.check_schema(conf))

  -- The function of a phase and, when it is called directly, its first argument.
  local function call_of(phase)
    if wrapped[phase] then
      return plugin[phase], conf
    end
    return handlers[phase] or nothing, context
  end

  local access, access_first = call_of("access")
  local before_proxy, before_proxy_first = call_of("before_proxy")
  local log, log_first = call_of("log")
  return {
    access = function()
      local ctx = arrive(item)
      local code = access(access_first, ctx)
      if code then
        return ngx.exit(type(code) == "table" and code.status or code)
      end
      pick(ctx, settings.upstream, server)
      before_proxy(before_proxy_first, ctx)
      ctx.proxy_passed = true
    end,
    log = function()
      local ctx = ngx.ctx.api_ctx
      log(log_first, ctx)
      local var = ctx.var
      clear(ctx)
      ctx.var = var
      table.insert(pool, ctx)
    end,
  }
end
