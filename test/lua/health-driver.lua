local create_health = require("autoscale.plugins.dynamic-upstreams.health.create-health").createHealth
local emit_health = require("autoscale.plugins.dynamic-upstreams.health.health-metrics").emitHealth
local function generator(seed)
  local state = seed
  return { next = function() state = state * 16807 % 2147483647 return state / 2147483647 end }
end
local function copy(value)
  if type(value) ~= "table" then return value end
  local own = {}
  for key, item in pairs(value) do own[key] = copy(item) end
  return own
end
local function memory_json()
  local documents, count = {}, 0
  return {
    encode = function(value) count = count + 1 documents["text " .. count] = copy(value) return "text " .. count end,
    decode = function(text) return copy(documents[text]) end
  }
end
local function new_peer(key)
  local host, port = key:match("^(.*):(%d+)$")
  return {
    key = key, entry = { host = host, port = tonumber(port), weight = 1, priority = 0 },
    ok = 0, failed = 0, errorsInRow = 0, gatewayErrorsInRow = 0, suspect = false, available = true
  }
end
function run_health(config, options, steps)
  local now, events, trace, workers, tasks = options.now, {}, {}, {}, {}
  local store = memory_store(function() return now end)
  local json, http, sleep = memory_json(), {}, function() return false end
  local present = options.peers
  local function place(worker)
    worker.peers = {}
    for _, key in ipairs(present) do
      worker.known[key] = worker.known[key] or new_peer(key)
      worker.peers[#worker.peers + 1] = worker.known[key]
    end
    for key in pairs(worker.known) do
      local stays = false
      for _, other in ipairs(present) do stays = stays or other == key end
      if not stays then worker.known[key] = nil end
    end
  end
  local function spawn(index)
    local worker = { known = {} }
    worker.health = create_health("backend", config, {
      store = store, json = json, random = generator(index),
      clock = { now = function() return now end },
      events = { emit = function(event) events[#events + 1] = event end },
      log = { warn = function() end },
      http = { request = function(request) return http.request(request) end },
      tasks = { start = function(task) tasks[#tasks + 1] = task end, sleep = function(seconds) return sleep(seconds) end }
    })
    place(worker)
    worker.health.flush(worker.peers, now)
    workers[index] = worker
  end
  local function catch_up(worker)
    local changed = worker.health.catchUp(now)
    for _, peer in ipairs(worker.peers) do peer.available = worker.health.allows(peer.key, now) end
    return changed
  end
  for index = 1, options.workers do spawn(index) end
  local actions = {}
  actions["try"] = function(step)
    local worker = workers[step.worker + 1]
    local peer = worker.known[options.peers[step.peer + 1]]
    if peer then for _, status in ipairs(step.statuses) do worker.health.tried(peer, status, now) end end
  end
  function actions.wait(step) now = now + step.seconds end
  function actions.catchUp(step) trace[#trace + 1] = catch_up(workers[step.worker + 1]) end
  function actions.flush(step) local worker = workers[step.worker + 1] worker.health.flush(worker.peers, now) end
  function actions.sweep(step) local worker = workers[step.worker + 1] worker.health.sweep(worker.peers, now) end
  function actions.die(step) spawn(step.worker + 1) end
  function actions.leave(step)
    present = {}
    for index = 1, step.count do present[index] = options.peers[index] end
    for _, worker in ipairs(workers) do place(worker) worker.health.flush(worker.peers, now) end
  end
  function actions.probe(step)
    local worker, until_, asked = workers[step.worker + 1], now + 1.5, 0
    http.request = function(request)
      asked = asked + 1
      local status = 200
      for _, index in ipairs(step.sick) do
        if options.peers[index + 1] == request.host .. ":" .. string.format("%d", request.port) then status = 500 end
      end
      return { status = status, headers = {}, body = step.agent }
    end
    sleep = function(seconds) now = now + seconds catch_up(worker) return now < until_ end
    tasks = {}
    worker.health.probe(function() return worker.peers end, function() return true end)
    if tasks[1] then tasks[1]() end
    trace[#trace + 1] = asked
  end
  for number, step in ipairs(steps) do
    actions[step["do"]](step)
    for _, event in ipairs(events) do trace[#trace + 1] = { at = number, event = event } end
    events = {}
  end
  local shown = {}
  for index, worker in ipairs(workers) do
    catch_up(worker)
    local own = {}
    for _, key in ipairs(options.peers) do
      local condition = worker.health.of(key)
      own[key] = { condition = condition, allows = worker.health.allows(key, now) }
      if condition then own[key].why = condition.why end
    end
    shown[index] = own
  end
  local metrics = {}
  emit_health("backend", config, store, function(name, _, _, labels, value)
    metrics[name .. " " .. (labels.kind or labels.result or "")] = value
  end)
  return { trace = trace, shown = shown, metrics = metrics }
end
function run_probing(config, count, seconds, answer_seconds)
  local now, start, threads = 1700000000, 1700000000, {}
  local alive, most_alive, flying, most_flying, started = 0, 0, 0, 0, 0
  local times, store, json = {}, memory_store(function() return now end), memory_json()
  local function begin(task)
    alive = alive + 1
    started = started + 1
    if alive > most_alive then most_alive = alive end
    threads[#threads + 1] = { at = now, thread = coroutine.create(task) }
  end
  local peers = {}
  for index = 1, count do peers[index] = new_peer("10." .. math.floor(index / 256) .. ".0." .. index % 256 .. ":80") end
  local written, set = 0, store.set
  store.set = function(key, value, ttl) if key == "health:backend" then written = written + 1 end return set(key, value, ttl) end
  local health = create_health("backend", config, {
    store = store, json = json, random = generator(7), log = { warn = function() end },
    clock = { now = function() return now end }, events = { emit = function() end },
    http = { request = function(request)
      flying = flying + 1
      if flying > most_flying then most_flying = flying end
      times[request.host] = times[request.host] or {}
      table.insert(times[request.host], now - start)
      coroutine.yield(answer_seconds)
      flying = flying - 1
      return { status = 500, headers = {}, body = "" }
    end },
    tasks = { start = begin, sleep = function(length) coroutine.yield(length) return now - start < seconds end }
  })
  health.flush(peers, now)
  health.probe(function() return peers end, function() return now - start < seconds end)
  local looked = now
  while #threads > 0 do
    local first = 1
    for index = 2, #threads do if threads[index].at < threads[first].at then first = index end end
    local one = table.remove(threads, first)
    if one.at > now then now = one.at end
    if now - looked >= 0.25 then looked = now health.catchUp(now) end
    local ok, wait = coroutine.resume(one.thread)
    assert(ok, wait)
    if coroutine.status(one.thread) == "dead" then alive = alive - 1
    else one.at = now + wait threads[#threads + 1] = one end
  end
  local fewest, most, peers_probed = math.huge, 0, 0
  for _, list in pairs(times) do
    peers_probed = peers_probed + 1
    if #list < fewest then fewest = #list end
    if #list > most then most = #list end
  end
  return {
    most_tasks = most_alive, most_at_once = most_flying, started = started, peers = peers_probed,
    fewest = fewest, most = most, left = alive, written = written
  }
end
