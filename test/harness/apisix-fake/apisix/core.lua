-- A fake of apisix.core: what our plugins ask of it, and how APISIX ends a request.
local core = { schema = require("apisix.schema"), response = {}, table = {} }

function core.table.deepcopy(value)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for key, item in pairs(value) do
    copy[key] = core.table.deepcopy(item)
  end
  return copy
end

-- APISIX compares the code with 400: anything but a number is an error there, and so a 500.
function core.response.exit(code, body)
  if code >= 400 then
    ngx.log(ngx.WARN, "exits with http status code ", code)
  end
  ngx.status = code
  if type(body) == "table" then
    body = require("cjson.safe").encode(body) .. "\n"
  end
  if body ~= nil then
    ngx.print(body)
  end
  return ngx.exit(code)
end

return core
