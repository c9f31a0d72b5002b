-- The fake's configuration: apisix.yaml turned into JSON by the test, read anew when the file changes. Each change makes
-- new tables; an item whose plugin configuration is refused is dropped, the others stay.
local cjson = require("cjson.safe")
local plugin = require("apisix.plugin")
local config = { upstreams = {}, routes = {}, services = {}, global_rules = {}, version = 0 }
local last

local function read(path)
  local file = assert(io.open(path, "r"))
  local text = file:read("*a")
  file:close()
  return text
end

local function take(name, items)
  local kept = {}
  for _, item in ipairs(items or {}) do
    local ok, err = plugin.check(item.plugins or {})
    if ok then
      kept[#kept + 1] = { value = item, modifiedIndex = config.version }
    else
      ngx.log(ngx.ERR, "failed to check item data of [", name, "] err:", err)
    end
  end
  return kept
end

function config.refresh()
  local text = read(ngx.config.prefix() .. "conf/apisix.json")
  if text == last then
    return
  end
  last = text
  local data = assert(cjson.decode(text))
  config.version = config.version + 1
  config.upstreams = take("upstreams", data.upstreams)
  config.routes = take("routes", data.routes)
  config.services = take("services", data.services)
  config.global_rules = take("global_rules", data.global_rules)
  ngx.log(ngx.WARN, "config file apisix.yaml reloaded by ", ngx.worker.id() or "the agent", ", version ", config.version)
end

function config.forget()
  last, config.version = nil, 0
end

function config.upstream(id)
  for _, item in ipairs(config.upstreams) do
    if item.value.id == id then
      return item
    end
  end
end

return config
