function run_limiters(algorithm, start, workers, steps)
  local local_limiter = require("autoscale.plugins.adaptive-rate-limit.limiters").localLimiter
  local now = start
  local store, entries, live = memory_store(function() return now end)
  local limiters, trace = {}, {}
  for index = 1, workers do limiters[index] = local_limiter(algorithm, store) end
  for _, step in ipairs(steps) do
    now = now + step.seconds
    local limiter = limiters[step.worker + 1]
    local passed = limiter.take(step.key, step.quota, step.cost, now)
    local last = limiter.last
    trace[#trace + 1] = { passed, last.remaining, last.resetSeconds, last.retrySeconds }
    if passed and step.givesBack then limiter.giveBack(step.key, step.quota, step.cost, now) end
  end
  local kept = {}
  for key in pairs(entries) do
    local entry = live(key)
    if entry then kept[key] = { entry.value, entry.expires - now } end
  end
  return { trace = trace, kept = kept }
end
