-- A circuit breaker as somebody who knows lua-resty would write it by hand, for this bench to compare with: shared
-- among workers, time window, failure rate and slow calls, leased half-open calls. Closed, it does two operations
-- on the shared dict for a request: one get in access, one incr in log.
--
--   local breaker = require("breaker").new(ngx.shared.breaker, "users", options)
--   access_by_lua_block { users_access() }   log_by_lua_block { users_log() }

local ngx = ngx
local var = ngx.var
local now = ngx.now
local start_time = ngx.req.start_time
local floor, min, random = math.floor, math.min, math.random
local pcall, tonumber = pcall, tonumber

-- One number counts a second: calls + failures * 2^17 + slow calls * 2^34. 51 bits, so exact in a double.
local FAILURE = 2 ^ 17
local SLOW = 2 ^ 34

local _M = {}

local function unpack_counts(packed)
  local slow = floor(packed / SLOW)
  local rest = packed - slow * SLOW
  local failures = floor(rest / FAILURE)
  return rest - failures * FAILURE, failures, slow
end

-- options: window_seconds, minimum_calls, failure_rate (percent), slow_seconds, slow_rate (percent), open_seconds,
-- open_multiplier, open_max_seconds, open_jitter, half_open_calls, half_open_timeout_seconds, reject_status.
-- Returns the handlers { access, log }.
function _M.new(dict, name, options)
  local window, minimum_calls = options.window_seconds, options.minimum_calls
  local failure_rate, slow_rate = options.failure_rate / 100, options.slow_rate / 100
  local slow_seconds, reject_status = options.slow_seconds, options.reject_status
  local half_open_calls = options.half_open_calls

  -- The state is one number: absent or negative is closed (since -state), positive is open until then, and
  -- half-open from then on.
  local state_key, trips_key = name .. ":state", name .. ":trips"

  local seen_state               -- what the sums below were made for
  local second, slot_key = -1, ""
  local calls, failures, slow = 0, 0, 0 -- of the window's finished seconds
  local probes_here = 0          -- half-open calls of this worker under way; spares ngx.ctx while closed

  local function begin_second(this_second)
    second, slot_key = this_second, name .. ":" .. this_second
    calls, failures, slow = 0, 0, 0
    local since = seen_state and -seen_state or 0
    for s = this_second - window + 1, this_second - 1 do
      local packed = s >= since and dict:get(name .. ":" .. s)
      if packed then
        local c, f, l = unpack_counts(packed)
        calls, failures, slow = calls + c, failures + f, slow + l
      end
    end
  end

  local function open(reason)
    local trips = dict:incr(trips_key, 1, 0) or 1
    local seconds = min(options.open_seconds * options.open_multiplier ^ (trips - 1), options.open_max_seconds)
    local opened_until = now() + seconds * (1 + options.open_jitter * (2 * random() - 1))
    dict:set(state_key, opened_until)
    ngx.log(ngx.NOTICE, "breaker ", name, " opened for ", seconds, " s: ", reason)
  end

  local function evaluate(packed)
    local c, f, l = unpack_counts(packed)
    c, f, l = c + calls, f + failures, l + slow
    if c < minimum_calls then return end
    local reason = f >= failure_rate * c and "failures" or l >= slow_rate * c and "slow calls"
    -- One worker trips it; the claim outlives calls that were under way.
    if reason and dict:add(name .. ":trip", true, 1) then open(reason) end
  end

  local function lease(opened_until)
    for i = 1, half_open_calls do
      local key = name .. ":lease:" .. opened_until .. ":" .. i
      if dict:add(key, true, options.half_open_timeout_seconds) then
        probes_here = probes_here + 1
        ngx.ctx.breaker_probe = opened_until
        return true
      end
    end
    return false
  end

  local function finish_probe(opened_until, delta)
    probes_here = probes_here - 1
    if dict:get(state_key) ~= opened_until then return end -- of an earlier half-open
    local key = name .. ":probes:" .. opened_until
    local c, f, l = unpack_counts(dict:incr(key, delta, 0, options.open_max_seconds) or 0)
    local failed = f >= failure_rate * half_open_calls or l >= slow_rate * half_open_calls
    if not failed and c < half_open_calls then return end
    if not dict:add(key .. ":decided", true, options.open_max_seconds) then return end
    if failed then return open("half-open calls failed") end
    dict:set(state_key, -floor(now()) - 1)
    dict:delete(trips_key)
    ngx.log(ngx.NOTICE, "breaker ", name, " closed")
  end

  local function admit()
    local state = dict:get(state_key)
    if state == nil or state <= 0 then
      if state ~= seen_state then seen_state, second = state, -1 end
      return true
    end
    return now() >= state and lease(state)
  end

  -- Answers below 400 come from the upstream; of the others only those that it was asked for are counted.
  local function delta_of(status, time)
    if status < 400 then
      if time - start_time() < slow_seconds then return 1 end
    elseif var.upstream_status == nil then
      return 0
    end
    local delta = status >= 500 and status <= 599 and 1 + FAILURE or 1
    local seconds = tonumber(var.upstream_response_time)
    return seconds and seconds >= slow_seconds and delta + SLOW or delta
  end

  local function record()
    local time = now()
    local delta = delta_of(ngx.status, time)
    if probes_here > 0 then
      local opened_until = ngx.ctx.breaker_probe
      if opened_until then return finish_probe(opened_until, delta) end
    end
    if delta == 0 then return end
    local this_second = floor(time)
    if this_second ~= second then begin_second(this_second) end
    local packed = dict:incr(slot_key, delta, 0, window + 1)
    -- No failure and no slow call in the window: nothing to evaluate.
    if packed and (packed >= FAILURE or failures > 0 or slow > 0) then evaluate(packed) end
  end

  return {
    access = function()
      local ok, admitted = pcall(admit)
      if not ok then return ngx.log(ngx.ERR, "breaker ", name, ": ", admitted) end
      if not admitted then return ngx.exit(reject_status) end
    end,
    log = function()
      local ok, err = pcall(record)
      if not ok then ngx.log(ngx.ERR, "breaker ", name, ": ", err) end
    end,
  }
end

return _M
