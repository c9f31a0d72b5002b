-- A fake of apisix.plugin: loads plugin files as APISIX does, and runs their phases without self and without a pcall.
local core = require("apisix.core")
local plugin = { plugins = {}, by_name = {}, load_times = 0 }
local INJECTED = { type = "object", properties = { disable = { type = "boolean" } } }

local function load(name)
  local ok, found = pcall(require, "apisix.plugins." .. name)
  if not ok then
    return ngx.log(ngx.ERR, "failed to load plugin [", name, "] err: ", found)
  end
  for _, field in ipairs({ "priority", "version" }) do
    if not found[field] then
      return ngx.log(ngx.ERR, "invalid plugin [", name, "], missing field: ", field)
    end
  end
  if type(found.priority) ~= "number" or type(found.schema) ~= "table" then
    return ngx.log(ngx.ERR, "invalid plugin [", name, "] priority or schema field")
  end
  found.schema.properties = found.schema.properties or {}
  found.schema.properties._meta = INJECTED
  found.name = name
  found.attr = nil
  table.insert(plugin.plugins, found)
  plugin.by_name[name] = found
  if found.init then
    found.init()
  end
end

-- Also `PUT /v1/plugins/reload`: only the plugin files are required again.
function plugin.load(names)
  for name, old in pairs(plugin.by_name) do
    if old.destroy then
      old.destroy()
    end
    package.loaded["apisix.plugins." .. name] = nil
  end
  plugin.plugins, plugin.by_name = {}, {}
  for _, name in ipairs(names) do
    -- APISIX's own plugins are not here.
    if package.searchpath("apisix.plugins." .. name, package.path) then
      load(name)
    end
  end
  table.sort(plugin.plugins, function(a, b)
    return a.priority > b.priority
  end)
  plugin.load_times = plugin.load_times + 1
  ngx.log(ngx.NOTICE, "fake apisix loaded plugins, time ", plugin.load_times)
end

-- In yaml mode the second argument is a key and no schema type.
function plugin.check(confs)
  for name, conf in pairs(confs) do
    local found = plugin.by_name[name]
    if found ~= nil then
      local ok, err = found.check_schema(conf, "/routes/1")
      if not ok then
        return false, "failed to check the configuration of plugin " .. name .. " err: " .. err
      end
    elseif name ~= "proxy-rewrite" and name ~= "client-control" then
      return false, "unknown plugin [" .. name .. "]"
    end
  end
  return true
end

-- Pairs of plugin and configuration in the order they run.
function plugin.filter(item, route)
  local list = {}
  for _, found in ipairs(plugin.plugins) do
    local conf = item.value.plugins and item.value.plugins[found.name]
    local own = route and route.value.plugins and route.value.plugins[found.name]
    -- A test may want both to run.
    local once = found.run_policy == "prefer_route" and not item.value.run_twice
    if conf and not (once and own) then
      list[#list + 1] = found
      list[#list + 1] = conf
    end
  end
  return list
end

local MAY_ANSWER = { rewrite = true, access = true, before_proxy = true }

function plugin.run(phase, list, ctx)
  for index = 1, #list, 2 do
    local run = list[index][phase]
    if run then
      local code, body = run(list[index + 1], ctx)
      if MAY_ANSWER[phase] and (code or body) then
        local meta = list[index + 1]._meta
        if code >= 400 and meta and meta.error_response then
          body = meta.error_response
        end
        core.response.exit(code, body)
      end
    end
  end
end

return plugin
