-- A FAKE of Kong's runloop, for machines without Kong, written from what Kong 3.9 was seen to do (kong/init.lua,
-- kong/runloop). It loads handler.lua and schema.lua as Kong does, and has Kong's traps: self is passed, conf is one
-- shared table with extra keys and new after each push, ngx.ctx comes from a pool, filters and log have no net and run
-- after an exit too, init_worker comes before configure, and an address as a Service's host leaves no way out.
local cjson = require("cjson.safe")
local balancer = require("ngx.balancer")
local schemas = require("kong-schema-fake")

local fake = {}
local FILTERS = { "header_filter", "body_filter", "log" }
local plugins, document, version = {}, nil, 0
local configs, routes, services, upstreams = {}, {}, {}, {}
local pool, live = {}, {}
local shared = ngx.shared.kong_fake

local function load_plugin(name)
  local handler = require("kong.plugins." .. name .. ".handler")
  local schema = require("kong.plugins." .. name .. ".schema")
  assert(type(handler) == "table", name .. ": the handler is no table")
  local priority = handler.PRIORITY
  assert(type(priority) == "number" and math.floor(priority) == priority, name .. ": PRIORITY is no integer")
  assert(type(handler.VERSION) == "string" and handler.VERSION:match("^%d+%.%d+%.%d+$"), name .. ": VERSION")
  -- Kong writes the cleaned version back.
  handler.VERSION = handler.VERSION:match("^%d+%.%d+%.%d+$")
  assert(not handler.response, name .. ": response excludes the filters")
  schemas.load(schema)
  return { name = name, handler = handler, schema = schema }
end

local function is_address(host) return host:match("^%d+%.%d+%.%d+%.%d+$") ~= nil or host:find(":", 1, true) ~= nil end

-- Kong's own message at a start: the whole document is refused.
local function config_of(plugin, entity, route, service)
  local verdict = schemas.run(plugin.schema, entity.config or {})
  if verdict.errors then
    local first = verdict.errors[1]
    return nil, ("in 'plugins': in 'config': %s: %s"):format(table.concat(first.path, "."), first.message)
  end
  local conf = verdict.value
  conf.__plugin_id, conf.__key__, conf.__seq__ = entity.id, "plugins:" .. plugin.name, shared:incr("seq", 1, 0)
  conf.route_id, conf.service_id = route and route.id, service and service.id
  return conf
end

local function rank(route)
  local longest = 0
  for _, path in ipairs(route.paths) do
    if path:sub(1, 1) == "~" then longest = math.max(longest, 1000 + (route.regex_priority or 0))
    else longest = math.max(longest, #path) end
  end
  return longest
end

-- All tables anew, as after a push. Nil and a sentence when the document is refused; then nothing has changed.
local function build(next_document)
  local fresh, by_id, by_name = {}, {}, {}
  for _, service in ipairs(next_document.services) do by_id[service.id] = service end
  for _, upstream in ipairs(next_document.upstreams) do by_name[upstream.name] = upstream end
  local function add(entity, route, service)
    local plugin = plugins[entity.name]
    if not plugin then return entity.name .. " plugin is in use but not enabled" end
    local conf, problem = config_of(plugin, entity, route, service or entity.service)
    if problem then return problem end
    fresh[entity.name] = fresh[entity.name] or {}
    table.insert(fresh[entity.name], conf)
  end
  for _, route in ipairs(next_document.routes) do
    if not by_id[route.service.id] then return nil, "in 'routes': in 'service': in 'id': missing primary key" end
    for _, entity in ipairs(route.plugins or {}) do
      local problem = add(entity, route)
      if problem then return nil, problem end
    end
  end
  for _, service in ipairs(next_document.services) do
    for _, entity in ipairs(service.plugins or {}) do
      local problem = add(entity, nil, service)
      if problem then return nil, problem end
    end
  end
  for _, entity in ipairs(next_document.plugins or {}) do
    local problem = add(entity)
    if problem then return nil, problem end
  end
  configs, services, upstreams = fresh, by_id, by_name
  routes = {}
  for index, route in ipairs(next_document.routes) do routes[index] = route end
  table.sort(routes, function(a, b) return rank(a) > rank(b) end)
  return true
end

local function configure()
  for _, plugin in ipairs(plugins) do
    if plugin.handler.configure then
      local ok, problem = pcall(plugin.handler.configure, plugin.handler, configs[plugin.name])
      if not ok then ngx.log(ngx.ERR, "failed to execute plugin ", plugin.name, ":configure: ", problem) end
    end
  end
  shared:set("applied:" .. ngx.worker.id(), version)
end

function fake.init(file, names)
  for _, name in ipairs(names) do
    plugins[name] = load_plugin(name)
    table.insert(plugins, plugins[name])
  end
  table.sort(plugins, function(a, b) return a.handler.PRIORITY > b.handler.PRIORITY end)
  local handle = assert(io.open(file))
  document = assert(cjson.decode(handle:read("*a")))
  handle:close()
  local ok, problem = build(document)
  if not ok then error("error parsing declarative config file: " .. problem, 0) end
end

local function follow_pushes()
  local latest = shared:get("version") or 0
  if latest == version then return end
  version = latest
  assert(build(cjson.decode(shared:get("document"))))
  configure()
end

function fake.init_worker()
  for _, plugin in ipairs(plugins) do
    if plugin.handler.init_worker then
      local ok, problem = pcall(plugin.handler.init_worker, plugin.handler)
      if not ok then ngx.log(ngx.ERR, "failed to execute plugin ", plugin.name, ":init_worker: ", problem) end
    end
  end
  build(document)
  configure()
  assert(ngx.timer.every(0.05, follow_pushes))
end

local function matches(route, path)
  for _, pattern in ipairs(route.paths) do
    if pattern:sub(1, 1) == "~" then
      local from, to = ngx.re.find(path, "^" .. pattern:sub(2), "jo")
      if from then return to end
    elseif path:sub(1, #pattern) == pattern then
      return #pattern
    end
  end
end

-- The route's own before the service's, and that before a global one.
local function lookup(name, route)
  local of_service, of_all
  for _, conf in ipairs(configs[name] or {}) do
    if conf.route_id == route.id then return conf end
    if not conf.route_id and conf.service_id == route.service.id then of_service = conf end
    if not conf.route_id and not conf.service_id then of_all = conf end
  end
  return of_service or of_all
end

local function global(name)
  for _, conf in ipairs(configs[name] or {}) do
    if not conf.route_id and not conf.service_id then return conf end
  end
end

-- Kong reads the plugins of the filters while it walks those of access; without a route only global ones are left.
local function collect(ctx, route)
  ctx.plugins = {}
  for _, plugin in ipairs(plugins) do
    local conf
    if route then conf = lookup(plugin.name, route) else conf = global(plugin.name) end
    if conf then table.insert(ctx.plugins, { plugin = plugin, conf = conf }) end
  end
end

function fake.rewrite()
  local ctx = table.remove(pool) or {}
  ngx.ctx = ctx
  -- An internal redirect empties ngx.ctx: a variable of nginx leads back to the table.
  ngx.var.ctx_ref = ngx.var.request_id
  live[ngx.var.ctx_ref] = ctx
  ctx.KONG_PROCESSING_START = ngx.now() * 1000
  ctx.KONG_PHASE = "rewrite"
  for _, plugin in ipairs(plugins) do
    local conf = global(plugin.name)
    if conf and plugin.handler.rewrite then plugin.handler.rewrite(plugin.handler, conf) end
  end
end

local function send(status, body, headers)
  ngx.status = status
  for name, value in pairs(headers or {}) do ngx.header[name] = value end
  ngx.header["Content-Length"] = body and #body or 0
  if body then ngx.print(body) end
  return ngx.exit(status)
end

local function run_access(ctx)
  ctx.delay_response = true
  for _, entry in ipairs(ctx.plugins) do
    local handler = entry.plugin.handler
    if handler.access and not ctx.delayed_response then
      ctx.plugin_id = entry.conf.__plugin_id
      local thread = coroutine.create(handler.access)
      local ok, problem = coroutine.resume(thread, handler, entry.conf)
      if not ok then
        ngx.log(ngx.ERR, problem)
        ctx.delayed_response = { 500, '{"message":"An unexpected error occurred"}' }
        ctx.KONG_UNEXPECTED = true
      end
    end
  end
  ctx.delay_response = nil
end

-- Kong's Host header: the peer's name, unless the route keeps the client's.
local function pick(ctx)
  local data = ctx.balancer_data
  if data.type ~= "name" then
    data.ip = data.host
    return true
  end
  local upstream = upstreams[data.host]
  if not upstream then
    if data.try_count > 0 and data.retry_callback then
      local ok, done = pcall(data.retry_callback)
      if not ok or not done then return nil, 503 end
    end
    if not is_address(data.host) then return nil, 503 end
    data.ip = data.host
    return true
  end
  if #upstream.targets == 0 then return nil, 503 end
  upstream.turn = ((upstream.turn or 0) % #upstream.targets) + 1
  local host, port = upstream.targets[upstream.turn].target:match("^(.*):(%d+)$")
  data.ip, data.port = host, tonumber(port)
  return true
end

function fake.access()
  local ctx = ngx.ctx
  ctx.KONG_PHASE = "access"
  local path, route, matched = ngx.var.uri, nil, nil
  for _, candidate in ipairs(routes) do
    matched = matches(candidate, path)
    if matched then route = candidate; break end
  end
  if not route then
    collect(ctx, nil)
    ctx.KONG_EXITED = true
    return send(404, '{"message":"no Route matched with those values"}')
  end
  local service = services[route.service.id]
  ctx.route, ctx.service = route, service
  -- In place of an authentication plugin.
  local consumer = ngx.var.http_x_fake_consumer
  ctx.authenticated_consumer = consumer and { id = "id-of-" .. consumer, username = consumer } or nil
  ctx.balancer_data = {
    host = service.host, port = service.port, type = is_address(service.host) and "ipv4" or "name",
    retries = service.retries or 5, try_count = 0, tries = {}, preserve_host = route.preserve_host,
    connect_timeout = service.connect_timeout or 60000, send_timeout = service.write_timeout or 60000,
    read_timeout = service.read_timeout or 60000,
  }
  local uri = route.strip_path and "/" .. path:sub(matched + 1) or path
  ngx.var.upstream_uri = uri .. (ngx.var.args and "?" .. ngx.var.args or "")
  ngx.var.upstream_host = route.preserve_host and ngx.var.http_host or ""
  collect(ctx, route)
  run_access(ctx)
  if ctx.delayed_response then return send(unpack(ctx.delayed_response, 1, 3)) end
  local ok, status = pick(ctx)
  if not ok then return send(status, '{"message":"failure to get a peer"}') end
  if not ctx.balancer_data.preserve_host then
    ngx.var.upstream_host = ctx.balancer_data.ip .. ":" .. ctx.balancer_data.port
  end
  ctx.KONG_PROXIED = true
  if not ctx.buffered_proxying then return end
  local buffered = ngx.location.capture("/kong_buffered_http", {
    method = ngx["HTTP_" .. ngx.req.get_method()], always_forward_body = true, share_all_vars = true, ctx = ctx,
  })
  return send(buffered.status, buffered.body)
end

function fake.balancer()
  local ctx = ngx.ctx
  local data = ctx.balancer_data
  ctx.KONG_PHASE = "balancer"
  data.try_count = data.try_count + 1
  data.tries[data.try_count] = {}
  if data.try_count == 1 then
    if data.retries > 0 then balancer.set_more_tries(data.retries) end
  else
    local before = data.tries[data.try_count - 1]
    before.state, before.code = balancer.get_last_failure()
    local ok, status = pick(ctx)
    if not ok then return ngx.exit(status) end
  end
  local ok, problem = balancer.set_current_peer(data.ip, data.port)
  if not ok then
    ngx.log(ngx.ERR, "failed to set the current peer (address: ", data.ip, "): ", problem)
    return ngx.exit(500)
  end
  assert(balancer.set_timeouts(data.connect_timeout / 1000, data.send_timeout / 1000, data.read_timeout / 1000))
end

-- Kong answers itself for an upstream that cannot be reached: nginx comes here by its error_page.
function fake.handle_error()
  local ctx = live[ngx.var.ctx_ref] or {}
  ngx.ctx = ctx
  ctx.KONG_PHASE, ctx.KONG_UNEXPECTED, ctx.KONG_EXITED = "error", true, true
  return send(ngx.status, '{"message":"An invalid response was received from the upstream server"}')
end

-- No net: what a plugin throws is the client's or the other plugins' loss.
for _, phase in ipairs(FILTERS) do
  fake[phase] = function()
    local ctx = ngx.ctx
    ctx.KONG_PHASE = phase
    for _, entry in ipairs(ctx.plugins or {}) do
      local handler = entry.plugin.handler
      ctx.plugin_id = entry.conf.__plugin_id
      if handler[phase] then handler[phase](handler, entry.conf) end
    end
    if phase == "log" then
      live[ngx.var.ctx_ref or ""] = nil
      for key in pairs(ctx) do ctx[key] = nil end
      table.insert(pool, ctx)
    end
  end
end

local function in_access()
  assert(ngx.ctx.KONG_PHASE == "access", "function cannot be called in this phase")
end

kong = {
  response = {
    exit = function(status, body, headers)
      local ctx = ngx.ctx
      assert(ctx.KONG_PHASE == "rewrite" or ctx.KONG_PHASE == "access", "function cannot be called in this phase")
      assert(type(status) == "number" and status >= 100 and status <= 599, "code must be a number")
      assert(body == nil or type(body) == "string", "body must be a nil or string")
      ctx.KONG_EXITED = true
      if not ctx.delay_response then return send(status, body, headers) end
      ctx.delayed_response = { status, body, headers }
      coroutine.yield()
    end,
  },
  service = {
    -- A plugin wants the whole answer: Kong then asks the upstream by a subrequest.
    request = { enable_buffering = function() ngx.ctx.buffered_proxying = true end },
    set_upstream = function(name)
      in_access()
      if not upstreams[name] then return nil, "could not find an Upstream named '" .. name .. "'" end
      ngx.ctx.balancer_data.host = name
      return true
    end,
    set_target = function(host, port)
      assert(type(host) == "string" and type(port) == "number", "host must be a string, port a number")
      ngx.var.upstream_host = host
      local data = ngx.ctx.balancer_data
      data.host, data.port = host, port
    end,
    set_retries = function(retries)
      in_access()
      assert(type(retries) == "number" and math.floor(retries) == retries, "retries must be an integer")
      ngx.ctx.balancer_data.retries = retries
    end,
    set_target_retry_callback = function(callback)
      in_access()
      ngx.ctx.balancer_data.retry_callback = callback
    end,
  },
  plugin = { get_id = function() return ngx.ctx.plugin_id end },
  router = { get_route = function() return ngx.ctx.route end, get_service = function() return ngx.ctx.service end },
  db = {
    routes = {
      each = function(self)
        assert(self == kong.db.routes, "called without self")
        local index = 0
        return function()
          index = index + 1
          return routes[index]
        end
      end,
    },
    services = {
      select = function(self, key)
        assert(self == kong.db.services, "called without self")
        return services[key.id]
      end,
    },
    upstreams = {
      select_by_name = function(self, name)
        assert(self == kong.db.upstreams, "called without self")
        return upstreams[name]
      end,
    },
  },
}

-- The endpoints that the plugins bring, as lapis would find them: `:name` stands for one segment.
local apps = {}
local function endpoints(kind)
  if apps[kind] then return apps[kind] end
  apps[kind] = {}
  for _, plugin in ipairs(plugins) do
    local found, brought = pcall(require, "kong.plugins." .. plugin.name .. "." .. kind)
    for path, methods in pairs(found and brought or {}) do
      assert(not apps[kind][path], "two plugins bring " .. path)
      apps[kind][path] = methods
    end
  end
  return apps[kind]
end

local function push()
  ngx.req.read_body()
  local next_document = cjson.decode(ngx.req.get_body_data())
  local before = document
  local ok, problem = build(next_document)
  if before then build(before) end
  if not ok then return send(400, problem) end
  document = next_document
  shared:set("document", cjson.encode(next_document))
  return send(201, tostring(shared:incr("version", 1, 0)))
end

function fake.api(kind)
  if ngx.var.uri == "/config" and kind == "api" then return push() end
  if ngx.var.uri == "/applied" then return send(200, tostring(shared:get("applied:" .. ngx.var.arg_worker) or 0)) end
  for path, methods in pairs(endpoints(kind)) do
    local pattern = "^" .. path:gsub("[-.]", "%%%0"):gsub(":%w+", "[^/]+") .. "$"
    if ngx.var.uri:match(pattern) then
      local method = methods[ngx.req.get_method()]
      if not method then return send(405, "") end
      return method({}, {}, {})
    end
  end
  return send(404, "")
end

return fake
