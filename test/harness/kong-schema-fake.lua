-- A FAKE of Kong's schema library, for machines without Kong: the part of its language that our schema.lua files use, written
-- anew. test/conformance/schema-cases.ts was run against Kong itself too, and the fake must say the same of every case.
-- It needs the globals of ngx_lua that schema.lua uses: `ngx.null`, `ngx.re.find`, `ngx.shared`.
local fake = {}

local LUA_TYPES = {
  string = "string", number = "number", integer = "number", boolean = "boolean",
  array = "table", map = "table", record = "table",
}
local ARTICLES = { integer = "an integer", array = "an array" }

-- Attributes that every type may have, and those of one.
local COMMON = { type = "string", description = "string", required = "boolean", default = "any", custom_validator = "function",
  encrypted = "boolean", referenceable = "boolean" }
local OWN = {
  string = { one_of = "table", len_min = "number", len_max = "number" },
  number = { one_of = "table", between = "table", gt = "number" },
  integer = { one_of = "table", between = "table", gt = "number" },
  boolean = {},
  array = { elements = "table", len_min = "number", len_max = "number" },
  map = { keys = "table", values = "table", len_min = "number", len_max = "number" },
  record = { fields = "table" },
}
local NEEDED = { array = { "elements" }, map = { "keys", "values" }, record = { "fields" } }

-- The one entry of a table with one key.
local function only_entry(item)
  local name, field = next(item)
  assert(name ~= nil and next(item, name) == nil, "an entry of fields needs one key")
  return name, field
end

local function is_sequence(value)
  local count = 0
  for _ in pairs(value) do count = count + 1 end
  return count == #value
end

local function copy(value)
  if type(value) ~= "table" then return value end
  local result = {}
  for key, item in pairs(value) do result[key] = copy(item) end
  return result
end

local validate

local function check_definition(field, at)
  local own = assert(OWN[field.type], at .. ": unknown type " .. tostring(field.type))
  for name, value in pairs(field) do
    local wanted = COMMON[name] or own[name]
    assert(wanted, at .. ": a " .. field.type .. " has no attribute " .. tostring(name))
    assert(wanted == "any" or type(value) == wanted, at .. "." .. name .. " is no " .. wanted)
  end
  for _, name in ipairs(NEEDED[field.type] or {}) do assert(field[name], at .. " needs " .. name) end
  local description = field.description
  assert(description == nil or (#description >= 10 and #description <= 500), at .. ": length of the description")
  if field.elements then check_definition(field.elements, at .. "[]") end
  if field.keys then check_definition(field.keys, at .. ".keys") end
  if field.values then check_definition(field.values, at .. ".*") end
  for _, item in ipairs(field.fields or {}) do
    local name, inner = only_entry(item)
    check_definition(inner, at .. "." .. name)
  end
  if field.default ~= nil then
    local errors = {}
    validate(field, field.default, {}, errors)
    assert(#errors == 0, at .. ": the default is refused")
  end
end

-- Fills in what is not there; what has no default is null.
local function complete(field, value)
  if value == nil then
    if field.default ~= nil then return copy(field.default) end
    if not field.required then return ngx.null end
    if field.type ~= "record" then return nil end
    value = {}
  end
  if type(value) ~= "table" then return value end
  local inner = field.elements or field.values
  local result = {}
  for key, item in pairs(value) do
    if inner then result[key] = complete(inner, item) else result[key] = item end
  end
  for _, item in ipairs(field.fields or {}) do
    local name, own = only_entry(item)
    result[name] = complete(own, value[name])
  end
  return result
end

local function with(path, key)
  local longer = copy(path)
  longer[#longer + 1] = type(key) == "number" and key - 1 or key
  return longer
end

local function length(field, value)
  if field.type ~= "map" then return #value end
  local count = #value
  for _ in pairs(value) do count = count + 1 end
  return count
end

local function listed(value, values)
  for _, each in ipairs(values) do
    if each == value then return true end
  end
  return false
end

-- The sentence of the first attribute that is not met.
local function unmet(field, value)
  if field.one_of and not listed(value, field.one_of) then
    return "expected one of: " .. table.concat(field.one_of, ", ")
  end
  if field.gt and not (value > field.gt) then return "value must be greater than " .. tostring(field.gt) end
  local between = field.between
  if between and (value < between[1] or value > between[2]) then
    return ("value should be between %d and %d"):format(between[1], between[2])
  end
  -- Kong takes no empty text unless told to.
  local least = field.len_min or (field.type == "string" and 1)
  if least and length(field, value) < least then return ("length must be at least %d"):format(least) end
  if field.len_max and length(field, value) > field.len_max then
    return ("length must be at most %d"):format(field.len_max)
  end
  if field.custom_validator then
    -- Called without self.
    local ok, message = field.custom_validator(value)
    if not ok then return message or "failed validating" end
  end
  return nil
end

local function validate_record(field, value, path, errors)
  local known = {}
  for _, item in ipairs(field.fields) do
    local name, own = only_entry(item)
    known[name] = true
    if value[name] == nil and own.required then
      errors[#errors + 1] = { path = with(path, name), message = "required field missing" }
    elseif value[name] ~= nil then
      validate(own, value[name], with(path, name), errors)
    end
  end
  for key in pairs(value) do
    -- Kong looks at no field of this name.
    if not known[key] and key ~= "updated_at" then
      errors[#errors + 1] = { path = with(path, key), message = "unknown field" }
    end
  end
end

-- Stops at the first entry that is wrong, and does not say which it is.
local function validate_map(field, value, path, errors)
  for key, item in pairs(value) do
    local before = #errors
    validate(field.keys, key, path, errors)
    if #errors == before then validate(field.values, item, path, errors, true) end
    if #errors > before then return end
  end
end

function validate(field, value, path, errors, required)
  local before = #errors
  local function refuse(message) errors[#errors + 1] = { path = path, message = message } end
  if value == ngx.null then
    if field.required or required then refuse("required field missing") end
    return
  end
  local isInteger = field.type ~= "integer" or (type(value) == "number" and value == math.floor(value) and value - value == 0)
  local isArray = field.type ~= "array" or (type(value) == "table" and is_sequence(value))
  if type(value) ~= LUA_TYPES[field.type] or not isInteger or not isArray then
    return refuse("expected " .. (ARTICLES[field.type] or "a " .. field.type))
  end
  local isReference = type(value) == "string" and value:sub(1, 9) == "{vault://" and value:sub(-1) == "}"
  if field.referenceable and isReference then return end
  if field.type == "array" then
    for index, item in ipairs(value) do validate(field.elements, item, with(path, index), errors, true) end
  elseif field.type == "map" then
    validate_map(field, value, path, errors)
  elseif field.type == "record" then
    validate_record(field, complete(field, value), path, errors)
  end
  if #errors > before then return end
  local message = unmet(field, value)
  if message then refuse(message) end
end

local function without_nulls(value)
  if type(value) ~= "table" then return value end
  local result = {}
  for key, item in pairs(value) do
    if item ~= ngx.null then result[key] = without_nulls(item) end
  end
  return result
end

local function config_of(schema)
  for _, item in ipairs(schema.fields) do
    if item.config then return item.config end
  end
  error("the schema has no config")
end

-- What Kong checks when it loads the plugin; throws.
function fake.load(schema)
  assert(type(schema.name) == "string", "the schema has no name")
  local config = config_of(schema)
  assert(config.type == "record", "config is no record")
  check_definition(config, "config")
  for _, check in ipairs(schema.entity_checks or {}) do
    local name, argument = only_entry(check)
    assert(name == "custom_entity_check" and type(argument.fn) == "function", "unknown entity check")
    assert(argument.field_sources[1] == "config", "the check asks for no config")
  end
end

-- `{ value = … }` as a handler would get it, or `{ errors = { { path, message }, … } }`; paths begin below config.
function fake.run(schema, config)
  local field = config_of(schema)
  local completed, errors = complete(field, config), {}
  validate(field, completed, {}, errors)
  for _, check in ipairs(#errors == 0 and schema.entity_checks or {}) do
    local ok, message = check.custom_entity_check.fn({ config = completed })
    if not ok then errors[1] = { path = {}, message = message } end
  end
  if #errors > 0 then return { errors = errors } end
  return { value = without_nulls(completed) }
end

return fake
