-- A fake of apisix.balancer: picks before before_proxy, and again for each retry; the picker of a request stays the same.
local balancer = require("ngx.balancer")
local fake = {}
local pickers = setmetatable({}, { __mode = "k" })

local function address(node)
  return node.host .. ":" .. node.port
end

local function new_picker(nodes)
  local turn = 0
  local picker = { addr_to_domain = {} }
  function picker.get(ctx)
    for _ = 1, #nodes do
      turn = turn % #nodes + 1
      if not (ctx.tried and ctx.tried[address(nodes[turn])]) then
        return address(nodes[turn])
      end
    end
    return nil, "all upstream servers tried"
  end
  function picker.after_balance(ctx, before_retry)
    if before_retry then
      ctx.tried = ctx.tried or {}
      ctx.tried[ctx.balancer_server] = true
    end
  end
  return picker
end

-- For the access log.
local function name_host(ctx, host)
  ctx.upstream_unresolved_host = host
  ctx.var.upstream_unresolved_host = host
end

function fake.pick_server(ctx)
  local nodes = ctx.upstream_conf.nodes
  if #nodes == 1 then
    ctx.balancer_ip, ctx.balancer_port = nodes[1].host, nodes[1].port
    name_host(ctx, nodes[1].domain or nodes[1].host)
    return nodes[1]
  end
  ctx.balancer_try_count = (ctx.balancer_try_count or 0) + 1
  if ctx.balancer_try_count > 1 and ctx.server_picker.after_balance then
    ctx.server_picker.after_balance(ctx, true)
  end
  if ctx.server_picker == nil then
    pickers[nodes] = pickers[nodes] or new_picker(nodes)
    ctx.server_picker = pickers[nodes]
  end
  local server, err = ctx.server_picker.get(ctx)
  if server == nil then
    return nil, err
  end
  ctx.balancer_server = server
  local host, port = server:match("^(.*):(%d+)$")
  ctx.balancer_ip, ctx.balancer_port = host, tonumber(port)
  name_host(ctx, ctx.server_picker.addr_to_domain[server] or host)
  return { host = host, port = tonumber(port), domain = ctx.server_picker.addr_to_domain[server] }
end

--- Whether the picker of the upstream's own type chose, and no plugin's.
function fake.is_own(ctx)
  return ctx.server_picker ~= nil and ctx.server_picker == pickers[ctx.upstream_conf.nodes]
end

function fake.run(ctx, before_proxy)
  local server = ctx.picked_server
  if server then
    ctx.picked_server = nil
    local route = ctx.matched_route.value
    local timeout = route.timeout or ctx.upstream_conf.timeout
    if timeout then
      assert(balancer.set_timeouts(timeout.connect, timeout.send, timeout.read))
    end
    local retries = ctx.upstream_conf.retries or #ctx.upstream_conf.nodes - 1
    if retries > 0 then
      assert(balancer.set_more_tries(retries))
    end
  else
    local err
    server, err = fake.pick_server(ctx)
    if server == nil then
      ngx.log(ngx.ERR, "failed to pick server: ", err)
      return ngx.exit(502)
    end
    before_proxy()
  end
  assert(balancer.set_current_peer(server.host, server.port))
  ctx.proxy_passed = true
end

return fake
