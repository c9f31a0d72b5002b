-- A fake of apisix.upstream.
local upstream = {}

function upstream.upstreams()
  local config = require("apisix.config")
  return config.upstreams, config.version
end

return upstream
