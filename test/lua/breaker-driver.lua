local create = require("autoscale.plugins.circuit-breaker.plugin").create
function run_breaker(config, options, steps)
  local now, pressure, randoms, next_random = options.now, 0, options.randoms, 1
  local events, trace, workers, flying = {}, {}, {}, {}
  local store, entries, live = memory_store(function() return now end)
  local function spawn(index)
    local tasks = {}
    local host = {
      place = options.place,
      shadow = options.shadow,
      clock = { now = function() return now end },
      random = { next = function() next_random = next_random + 1 return randoms[next_random - 1] or 0.5 end },
      timer = { every = function(_, task) tasks[#tasks + 1] = task end },
      events = { emit = function(event) events[#events + 1] = event end },
      pressure = { read = function() return pressure end },
      store = function() return store end
    }
    workers[index] = { handlers = create(config, host), tasks = tasks }
  end
  for index = 1, options.workers do spawn(index) end
  local function context_of(request)
    local memory = {}
    return {
      startSeconds = function() return request.startSeconds end,
      proxied = function() return request.proxied end,
      status = function() return request.status end,
      upstreamFailed = function() return request.upstreamFailed end,
      upstreamSeconds = function() return request.upstreamSeconds end,
      upstreamTries = function() return request.tries end,
      remember = function(key, value) memory[key] = value end,
      recall = function(key) return memory[key] end
    }
  end
  local function pool_of(excluded)
    local function exclude(index)
      for _, known in ipairs(excluded) do if known == index then return end end
      excluded[#excluded + 1] = index
    end
    return {
      count = function() return #options.place.peers end,
      key = function(index) return options.place.peers[index + 1] end,
      find = function(key)
        for place, peer in ipairs(options.place.peers) do if peer == key then return place - 1 end end
        return -1
      end,
      exclude = exclude,
      only = function(index)
        for other = 0, #options.place.peers - 1 do if other ~= index then exclude(other) end end
      end
    }
  end
  local actions = {}
  function actions.begin(step)
    local worker = workers[step.worker + 1]
    local request = { startSeconds = now, status = 200, proxied = true, upstreamFailed = false }
    local context = context_of(request)
    local decision = worker.handlers.access(context)
    local excluded = {}
    if decision == nil and worker.handlers.select_upstream then
      worker.handlers.select_upstream(context, pool_of(excluded))
    end
    trace[#trace + 1] = { decision = decision or "go on", excluded = excluded }
    flying[#flying + 1] = { worker = step.worker, context = context, request = request, rejected = decision and decision.kind == "reject" or false }
  end
  actions["end"] = function(step)
    if #flying == 0 then return end
    local one = table.remove(flying, step.pick % #flying + 1)
    for key, value in pairs(step.outcome) do one.request[key] = value end
    if one.rejected then one.request.proxied = false end
    workers[one.worker + 1].handlers.log(one.context)
  end
  function actions.wait(step) now = now + step.seconds end
  function actions.tick(step) for _, task in ipairs(workers[step.worker + 1].tasks) do task() end end
  function actions.spawn(step)
    for index = #flying, 1, -1 do if flying[index].worker == step.worker then table.remove(flying, index) end end
    spawn(step.worker + 1)
  end
  function actions.pressure(step) pressure = step.value end
  function actions.put(step)
    local admin = workers[step.worker + 1].handlers.admin
    trace[#trace + 1] = admin[1].put(step.body) or "done"
  end
  for _, step in ipairs(steps) do actions[step["do"]](step) end
  local metrics, shown, kept = {}, {}, {}
  for index, worker in ipairs(workers) do
    worker.handlers.metrics(function(name, kind, help, labels, value)
      metrics[#metrics + 1] = { name, kind, help, labels, value }
    end)
    shown[index] = worker.handlers.admin[1].get()
  end
  for key in pairs(entries) do
    local entry = live(key)
    if entry then kept[key] = { entry.value, entry.expires == math.huge and "forever" or entry.expires - now } end
  end
  return { trace = trace, events = events, metrics = metrics, shown = shown, kept = kept }
end
