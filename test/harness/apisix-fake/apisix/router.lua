-- A fake of apisix.router: paths with `*` at their end, hosts, methods, `vars` with ~~, priorities. The longest path is asked
-- first, exact ones before all; on one path the highest priority.
local config = require("apisix.config")
local router = {}

function router.http_routes()
  return config.routes, config.version
end

local function contains(list, wanted)
  for _, value in ipairs(list) do
    if value == wanted or (value:sub(1, 2) == "*." and wanted:sub(-#value + 1) == value:sub(2)) then
      return true
    end
  end
  return false
end

local function fits(route)
  if route.hosts and not contains(route.hosts, ngx.var.host) then
    return false
  end
  if route.methods and not contains(route.methods, ngx.req.get_method()) then
    return false
  end
  for _, rule in ipairs(route.vars or {}) do
    assert(rule[2] == "~~", "the fake knows ~~ only")
    if not ngx.re.find(ngx.var[rule[1]], rule[3]) then
      return false
    end
  end
  return true
end

local function rank(pattern, uri)
  if pattern:sub(-1) == "*" then
    local prefix = pattern:sub(1, -2)
    return uri:sub(1, #prefix) == prefix and #prefix or nil
  end
  return pattern == uri and 1e6 or nil
end

function router.match()
  local uri, best, best_rank, best_priority = ngx.var.uri, nil, -1, -1
  for _, item in ipairs(config.routes) do
    for _, pattern in ipairs(item.value.uris or { item.value.uri }) do
      local found = rank(pattern, uri)
      local priority = item.value.priority or 0
      if found and (found > best_rank or (found == best_rank and priority > best_priority)) and fits(item.value) then
        best, best_rank, best_priority = item, found, priority
      end
    end
  end
  return best
end

return router
