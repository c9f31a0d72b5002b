-- A fake of APISIX's JSON Schema validator: the keywords that plugins' schemas use, defaults filled in as it goes. As the
-- real one it compiles a schema when it is first used: what is added to the schema later does not count.
local schema = {}
local compiled = setmetatable({}, { __mode = "k" })

local function copy(value)
  if type(value) ~= "table" then
    return value
  end
  local out = {}
  for key, inner in pairs(value) do
    out[key] = copy(inner)
  end
  return out
end

local function kind(value)
  if type(value) == "table" then
    return next(value) == nil and "empty" or (value[1] ~= nil and "array" or "object")
  end
  return type(value)
end

local function is_type(value, wanted)
  local found = kind(value)
  if wanted == "integer" then
    return found == "number" and value == math.floor(value)
  end
  return found == wanted or (found == "empty" and (wanted == "array" or wanted == "object"))
end

local validate

local function check_object(node, value)
  for name, property in pairs(node.properties or {}) do
    if value[name] == nil and property.default ~= nil then
      value[name] = copy(property.default)
    end
  end
  for _, name in ipairs(node.required or {}) do
    if value[name] == nil then
      return false, ('property "%s" is required'):format(name)
    end
  end
  for name, inner in pairs(value) do
    local known = node.properties and node.properties[name]
    if known == nil then
      for pattern, candidate in pairs(node.patternProperties or {}) do
        if ngx.re.find(tostring(name), pattern) then
          known = candidate
        end
      end
    end
    if known == nil and type(node.additionalProperties) == "table" then
      known = node.additionalProperties
    end
    if known ~= nil then
      local ok, why = validate(known, inner)
      if not ok then
        return false, ('property "%s" validation failed: %s'):format(name, why)
      end
    elseif node.additionalProperties == false then
      return false, "additional properties forbidden, found " .. tostring(name)
    end
  end
  return true
end

local function check_array(node, value)
  if node.minItems and #value < node.minItems then
    return false, "expect array to have at least " .. node.minItems .. " items"
  end
  if node.maxItems and #value > node.maxItems then
    return false, "expect array to have at most " .. node.maxItems .. " items"
  end
  for index, inner in ipairs(value) do
    local ok, why = validate(node.items or {}, inner)
    if not ok then
      return false, ("failed to validate item %d: %s"):format(index, why)
    end
  end
  return true
end

local function check_leaf(node, value)
  if type(value) == "number" then
    if
      (node.minimum and value < node.minimum)
      or (node.maximum and value > node.maximum)
      or (node.exclusiveMinimum and value <= node.exclusiveMinimum)
      or (node.exclusiveMaximum and value >= node.exclusiveMaximum)
    then
      return false, "expected " .. tostring(value) .. " to be within its bounds"
    end
  elseif type(value) == "string" then
    if (node.minLength and #value < node.minLength) or (node.maxLength and #value > node.maxLength) then
      return false, "string is too short or too long"
    end
    if node.pattern and not ngx.re.find(value, node.pattern) then
      return false, ('failed to match pattern "%s" with "%s"'):format(node.pattern, value)
    end
  end
  return true
end

function validate(node, value)
  if node.type and not is_type(value, node.type) then
    return false, ("wrong type: expected %s, got %s"):format(node.type, kind(value))
  end
  if node.enum then
    local found = false
    for _, allowed in ipairs(node.enum) do
      found = found or allowed == value
    end
    if not found then
      return false, "matches none of the enum values"
    end
  end
  if node.anyOf then
    local found = false
    for _, branch in ipairs(node.anyOf) do
      found = found or (validate(branch, value))
    end
    if not found then
      return false, "object matches none of the required"
    end
  end
  if node.type == "object" then
    return check_object(node, value)
  end
  if node.type == "array" then
    return check_array(node, value)
  end
  return check_leaf(node, value)
end

function schema.check(node, value)
  compiled[node] = compiled[node] or copy(node)
  return validate(compiled[node], value)
end

return schema
