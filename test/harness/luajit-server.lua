-- The far end of test/harness/luajit.ts: one request a line, one answer a line.
-- A request is a Lua chunk that returns values; it sees `H`, the values kept for the test, and `keep`.
-- An answer is JSON: {"values":[...]} or {"error":"..."}. Whatever prints goes to stderr.
local H, kept = {}, 0
local input, output, errors = io.stdin, io.stdout, io.stderr

function print(...)
  errors:write(table.concat({ ... }, "\t"), "\n")
end

local function keep(value)
  kept = kept + 1
  H[kept] = value
  return kept
end

local function escape(char)
  return string.format("\\u%04x", char:byte())
end

local function text(value)
  return '"' .. value:gsub('[%z\1-\31"\\\127-\255]', escape) .. '"'
end

local function number(value)
  if value ~= value then return '{"$number":"NaN"}' end
  if value == math.huge then return '{"$number":"Infinity"}' end
  if value == -math.huge then return '{"$number":"-Infinity"}' end
  return string.format("%.17g", value)
end

local encode

local function list(value, length)
  local parts = {}
  for index = 1, length do parts[index] = encode(value[index]) end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function record(value)
  local parts = {}
  for key, item in pairs(value) do parts[#parts + 1] = text(tostring(key)) .. ":" .. encode(item) end
  return "{" .. table.concat(parts, ",") .. "}"
end

function encode(value)
  local kind = type(value)
  if kind == "nil" then return "null" end
  if kind == "boolean" then return tostring(value) end
  if kind == "number" then return number(value) end
  if kind == "string" then return text(value) end
  if kind ~= "table" then return '{"$kind":"' .. kind .. '"}' end
  local count = 0
  for _ in pairs(value) do count = count + 1 end
  if count > 0 and count == #value then return list(value, count) end
  return record(value)
end

local scope = setmetatable({ H = H, keep = keep }, { __index = _G })

local function answer(ok, ...)
  if ok then return '{"values":' .. list({ ... }, select("#", ...)) .. "}" end
  return '{"error":' .. text(tostring((...))) .. "}"
end

for line in input:lines() do
  local chunk, message = loadstring(line, "=request")
  if chunk then
    output:write(answer(pcall(setfenv(chunk, scope))), "\n")
  else
    output:write(answer(false, message), "\n")
  end
  output:flush()
end
