-- A fake of apisix.http.service.
local config = require("apisix.config")
local service = {}

function service.get(id)
  for _, item in ipairs(config.services) do
    if item.value.id == id then
      return item
    end
  end
end

function service.services()
  return config.services, config.version
end

return service
