-- A fake of apisix: the phases as nginx.conf calls them. The request's table comes from a pool and goes back to it after log,
-- wiped: who keeps it sees another request, or nothing.
local config = require("apisix.config")
local core = require("apisix.core")
local plugin = require("apisix.plugin")
local router = require("apisix.router")
local load_balancer = require("apisix.balancer")
local apisix = {}
local free = {}
local reloads = 0

-- The first read that is not nil is what ctx.var gives for the whole request.
local var_meta = {
  __index = function(var, name)
    local value = ngx.var[name]
    if value ~= nil then
      rawset(var, name, value)
    end
    return value
  end,
  __newindex = function(_, name, value)
    ngx.var[name] = value
  end,
}

local function every(_, names)
  local wanted = ngx.shared.fake:get("reloads") or 0
  if wanted ~= reloads then
    reloads = wanted
    plugin.load(names)
  end
  config.refresh()
end

-- Debian's nginx has no privileged agent. So each worker first is one: it has no id, loads the plugins and reads the
-- configuration, and then forgets all of it.
local function be_privileged_agent(names)
  local id = ngx.worker.id
  ngx.worker.id = function()
    return nil
  end
  local timers = ngx.timer.pending_count()
  plugin.load(names)
  config.refresh()
  ngx.log(ngx.NOTICE, "fake privileged agent started timers: ", ngx.timer.pending_count() - timers)
  ngx.worker.id = id
  for name in pairs(package.loaded) do
    if name:find("^autoscale%.") then
      package.loaded[name] = nil
    end
  end
  config.forget()
end

function apisix.init_worker(names)
  reloads = ngx.shared.fake:get("reloads") or 0
  be_privileged_agent(names)
  plugin.load(names)
  config.refresh()
  ngx.timer.every(0.1, every, names)
end

function apisix.exit_worker()
  for _, one in pairs(plugin.by_name) do
    one.destroy()
  end
end

local function run_global(ctx, phase)
  local type, version, id = ctx.conf_type, ctx.conf_version, ctx.conf_id
  for _, rule in ipairs(ctx.rules) do
    ctx.conf_type, ctx.conf_version, ctx.conf_id = "global_rule", rule.modifiedIndex, rule.value.id
    plugin.run(phase, plugin.filter(rule, ctx.matched_route), ctx)
  end
  ctx.conf_type, ctx.conf_version, ctx.conf_id = type, version, id
end

local function handle_upstream(ctx)
  local id = ctx.upstream_id or ctx.matched_route.value.upstream_id
  local found = id and config.upstream(id)
  local up = found and found.value or ctx.matched_route.value.upstream
  if up == nil then
    return core.response.exit(502)
  end
  ctx.matched_upstream, ctx.upstream_conf = up, up
  ctx.upstream_scheme = up.scheme or "http"
  ctx.pass_host = up.pass_host
  local server, err = load_balancer.pick_server(ctx)
  if server == nil then
    ngx.log(ngx.ERR, "failed to pick server: ", err)
    return core.response.exit(502)
  end
  ctx.picked_server = server
  run_global(ctx, "before_proxy")
  plugin.run("before_proxy", ctx.plugins, ctx)
end

-- What APISIX's own proxy-rewrite does with regex_uri.
local function rewrite_uri(ctx)
  local conf = ctx.matched_route.value.plugins and ctx.matched_route.value.plugins["proxy-rewrite"]
  local uri = ngx.var.uri
  if conf then
    uri = ngx.re.sub(uri, conf.regex_uri[1], conf.regex_uri[2])
  end
  ngx.var.upstream_uri = ngx.escape_uri(uri, 0):gsub("%%2F", "/") .. (ngx.var.is_args or "") .. (ngx.var.args or "")
end

-- A copy of the service with the route's own fields, made once for each configuration.
local merged = setmetatable({}, { __mode = "k" })
local function merge_service(route)
  local service = route.value.service_id and require("apisix.http.service").get(route.value.service_id)
  if not service then
    return route
  end
  if not merged[route] then
    local value = { plugins = {} }
    for name, conf in pairs(service.value.plugins or {}) do
      value.plugins[name] = core.table.deepcopy(conf)
    end
    for name, conf in pairs(route.value.plugins or {}) do
      value.plugins[name] = conf
    end
    value.id, value.service_id, value.timeout = route.value.id, service.value.id, route.value.timeout
    value.upstream_id = route.value.upstream_id or service.value.upstream_id
    merged[route] = { value = value, modifiedIndex = route.modifiedIndex }
  end
  return merged[route]
end

function apisix.access()
  local ctx = table.remove(free) or {}
  ctx.var = setmetatable({}, var_meta)
  ngx.ctx.api_ctx = ctx
  ctx.rules = config.global_rules
  -- Some plugin of APISIX's reads it early: ctx.var now gives this status for the whole request.
  assert(ctx.var.status == "000")
  ctx.matched_route = router.match()
  if ctx.matched_route == nil then
    run_global(ctx, "rewrite")
    run_global(ctx, "access")
    return core.response.exit(404, { error_msg = "404 Route Not Found" })
  end
  ctx.matched_route = merge_service(ctx.matched_route)
  local route = ctx.matched_route
  ctx.conf_type, ctx.conf_version, ctx.conf_id = "route", route.modifiedIndex, route.value.id
  if route.value.service_id then
    ctx.conf_type, ctx.conf_id = "route&service", route.value.id .. "&" .. route.value.service_id
  end
  ctx.route_id, ctx.route_name = route.value.id, route.value.name
  -- In place of an authentication plugin.
  ctx.consumer_name = ngx.var.http_x_fake_consumer
  run_global(ctx, "rewrite")
  ctx.plugins = plugin.filter(route)
  plugin.run("rewrite", ctx.plugins, ctx)
  run_global(ctx, "access")
  plugin.run("access", ctx.plugins, ctx)
  rewrite_uri(ctx)
  handle_upstream(ctx)
end

local function common(phase)
  local ctx = ngx.ctx.api_ctx
  if ctx then
    run_global(ctx, phase)
    plugin.run(phase, ctx.plugins or {}, ctx)
  end
  return ctx
end

function apisix.balancer()
  load_balancer.run(ngx.ctx.api_ctx, function()
    common("before_proxy")
  end)
end

function apisix.header_filter()
  -- For tests alone: who picked the peer.
  local ctx = ngx.ctx.api_ctx
  if ctx and ctx.upstream_conf then
    ngx.header["X-Fake-Host"] = ngx.var.upstream_unresolved_host
    ngx.header["X-Fake-Picker"] = load_balancer.is_own(ctx) and "apisix" or "plugin"
  end
  common("header_filter")
end

function apisix.body_filter()
  common("body_filter")
  common("delayed_body_filter")
end

function apisix.log()
  local ctx = common("log")
  if ctx then
    if ctx.server_picker and ctx.server_picker.after_balance then
      ctx.server_picker.after_balance(ctx, false)
    end
    for key in pairs(ctx) do
      ctx[key] = nil
    end
    table.insert(free, ctx)
  end
end

-- The control port: what the plugins' control_api gives, and the reload of plugins.
function apisix.control()
  if ngx.var.uri == "/v1/plugins/reload" then
    ngx.shared.fake:incr("reloads", 1, 0)
    return core.response.exit(200, "done")
  end
  for _, one in ipairs(plugin.plugins) do
    for _, route in ipairs(one.control_api and one.control_api() or {}) do
      local prefix = route.uris[1]:match("^(.*)%*$")
      if prefix and ngx.var.uri:sub(1, #prefix) == prefix then
        local code, body = route.handler({})
        if code or body then
          core.response.exit(code, body)
        end
        return
      end
    end
  end
  return core.response.exit(404, "not found")
end

return apisix
