-- What worker-lab.ts runs in each worker: the ports of the runtime, and a way to call them from a test.
local semaphore = require("ngx.semaphore")
local cjson = require("cjson.safe")
local openStore = require("autoscale.runtime.open-store").openStore

local function store(dict)
  return openStore(dict, "the test's nginx.conf has it")
end

local lab = { worker = require("autoscale.runtime.worker-host").startWorkerHost(store), kept = {} }
local names = setmetatable({ worker = lab.worker, store = store("autoscale"), kept = lab.kept }, { __index = _G })

local each = assert(loadfile(ngx.config.prefix() .. "lua/each.lua"))
setfenv(each, names)
each()

-- Runs the request's body, Lua text, as a background task and answers with what it returns, as JSON.
function lab.run()
  ngx.req.read_body()
  local code, problem = loadstring(ngx.req.get_body_data(), "=test")
  if code == nil then
    ngx.status = 400
    return ngx.say(problem)
  end
  setfenv(code, names)
  local over = semaphore.new(0)
  local ok, value
  lab.worker.tasks.start(function()
    ok, value = pcall(code)
    over:post(1)
  end)
  over:wait(100)
  ngx.header["X-Worker"] = ngx.worker.pid()
  ngx.status = ok and 200 or 500
  ngx.say(ok and cjson.encode({ value = value }) or tostring(value))
end

return lab
