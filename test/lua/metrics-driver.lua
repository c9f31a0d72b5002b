local create = require("autoscale.plugins.endpoint-metrics.plugin").create
local decoded = {}
local function encode(value)
  local kind = type(value)
  if kind == "string" then return string.format("%q", value) end
  if kind ~= "table" then return tostring(value) end
  local parts = {}
  for index, item in ipairs(value) do parts[index] = encode(item) end
  return "[" .. table.concat(parts, ",") .. "]"
end
local json = {
  encode = function(value) local text = encode(value) decoded[text] = value return text end,
  decode = function(text) return decoded[text] end
}
function run_metrics(config, options, steps)
  local now, randoms, next_random = options.now, options.randoms, 1
  local workers, flying, handles, spawned = {}, {}, 0, 0
  local store, entries, live = memory_store(function() return now end)
  function store.capacityBytes() return options.capacity end
  local function spawn(index)
    local tasks, exit_tasks, shared, slot = {}, {}, {}, spawned
    spawned = spawned + 1
    local worker = {
      clock = { now = function() return now end },
      random = { next = function() next_random = next_random + 1 return randoms[next_random - 1] or 0.5 end },
      log = { error = error, warn = error, notice = function() end },
      timer = { every = function(_, task) tasks[#tasks + 1] = task end },
      events = { emit = function() end },
      json = json,
      store = function() return store end,
      slot = function() return slot end,
      highestSlot = function() return spawned - 1 end,
      atExit = function(task) exit_tasks[#exit_tasks + 1] = task end
    }
    local host = { place = options.place, shadow = false, peerCount = function() end }
    for name, port in pairs(worker) do host[name] = port end
    host.shared = function(name, make)
      if shared[name] == nil then shared[name] = make(worker) end
      return shared[name]
    end
    workers[index] = { handlers = create(config, host), tasks = tasks, exit_tasks = exit_tasks }
  end
  for index = 1, options.workers do spawn(index) end
  local function context_of(request)
    handles = handles + 1
    local handle = handles
    return {
      handle = function() return handle end,
      method = function() return request.method end,
      status = function() return request.status end,
      startSeconds = function() return request.startSeconds end,
      routedTo = function() return request.routedTo end,
      header = function(name) return request.headers[string.lower(name)] end,
      requestBytes = function() return request.requestBytes end,
      responseBytes = function() return request.responseBytes end,
      upstreamSeconds = function() return request.upstreamSeconds end
    }
  end
  local actions = {}
  function actions.begin(step)
    local worker = workers[step.worker + 1]
    step.request.startSeconds = now
    local context = context_of(step.request)
    worker.handlers.access(context)
    flying[#flying + 1] = { worker = worker, context = context }
  end
  actions["end"] = function(step)
    if #flying == 0 then return end
    local one = table.remove(flying, step.pick % #flying + 1)
    one.worker.handlers.log(one.context)
  end
  function actions.wait(step) now = now + step.seconds end
  function actions.tick(step) for _, task in ipairs(workers[step.worker + 1].tasks) do task() end end
  function actions.reload(step)
    for _, task in ipairs(workers[step.worker + 1].exit_tasks) do task() end
    spawn(step.worker + 1)
  end
  for _, step in ipairs(steps) do actions[step["do"]](step) end
  local shown = {}
  for index, open_metrics in ipairs({ false, true }) do
    local parts = {}
    workers[1].handlers.exposition.write({
      openMetrics = open_metrics,
      write = function(lines) parts[#parts + 1] = lines end,
      pieces = function(pieces) for _, piece in ipairs(pieces) do parts[#parts + 1] = piece end end,
      pause = function() end
    })
    shown[index] = table.concat(parts)
  end
  local keys = {}
  for key in pairs(entries) do if live(key) then keys[#keys + 1] = key end end
  table.sort(keys)
  return { shown = shown, keys = table.concat(keys, "\n") }
end
