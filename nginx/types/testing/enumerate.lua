-- Writes one line "name<TAB>type<TAB>value" for whatever the worker offers, then ends the process.
local out = {}

local function note(name, value)
  local kind = type(value)
  out[#out + 1] = name .. "\t" .. kind .. "\t" .. ((kind == "number" or kind == "string") and tostring(value) or "")
end

local function walk(prefix, value, depth)
  for key, each in pairs(value) do
    if type(key) == "string" and key:sub(1, 2) ~= "__" then
      note(prefix .. key, each)
      if type(each) == "table" and depth > 0 then
        walk(prefix .. key .. ".", each, depth - 1)
      end
    end
  end
end

-- Before any require: `ngx.re` and the like are modules too, and add to the table of the same name.
walk("ngx.", ngx, 2)

local dict = ngx.shared.probe
walk("NgxSharedDict:", getmetatable(dict).__index, 0)
walk("NgxTcpSocket:", getmetatable(ngx.socket.tcp()).__index, 0)
walk("NgxUdpSocket:", getmetatable(ngx.socket.udp()).__index, 0)

for module in MODULES:gmatch("%S+") do
  local ok, loaded = pcall(require, module)
  if ok and type(loaded) == "table" then
    walk(module .. "#", loaded, 0)
    if module == "resty.lrucache" or module == "resty.lrucache.pureffi" then
      walk("RestyLruCache:", getmetatable(loaded.new(1)).__index, 0)
    elseif module == "ngx.semaphore" then
      walk("NgxSemaphore:", getmetatable(loaded.new(0)).__index, 0)
    end
  end
end

local file = assert(io.open(RESULT, "w"))
file:write(table.concat(out, "\n"), "\n")
file:close()
os.exit(0)
