/**
 * The algorithms as scripts of Redis: each runs whole, so that no two gateways see the same quota. They tell the time by Redis'
 * own clock, the only one that all gateways share; what they write is replicated as it is and not computed again (from Redis 5 on by
 * itself). One key each, so that any part of a cluster may hold it, and one write each: a script that has no memory left has done
 * nothing. The formulas are those of `_core/limit`, where they are explained.
 *
 * KEYS[1] is the client's. ARGV: two numbers of the quota, the least cost that must be had, and the most that is wanted; both below 0
 * give that much back. The answer: whether it was had, how much (in thousandths), what remains (in thousandths), and microseconds
 * until all of it is there, and until the refused can pass.
 */

const HEAD = `if redis.replicate_commands then redis.replicate_commands() end
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local state = redis.call('GET', KEYS[1])
local least, most = tonumber(ARGV[3]), tonumber(ARGV[4])
local function answer(granted, left, reset, retry)
  local had = granted and 1 or 0
  return { had, math.floor((granted or 0) * 1000 + 0.001), math.floor(math.max(0, left) * 1000), math.ceil(reset * 1000000),
    math.ceil(math.max(0, retry) * 1000000) }
end
local function keep(value, seconds)
  redis.call('SET', KEYS[1], value, 'PX', string.format('%.0f', math.max(1, math.ceil(seconds * 1000))))
end
`;

/**
 * State: the theoretical arrival time in seconds since 2026. One that is farther ahead than the tolerance was left by a clock that
 * was set back, or by a larger burst: it counts as a quota that is used up.
 */
export const GCRA_SCRIPT = `${HEAD}local step, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
now = now - 1767225600
local slack = 1 / 1048576
local ahead = math.max(0, tonumber(state or now) - now)
if ahead > tolerance + slack then
  ahead = tolerance
  keep(string.format('%.17g', now + ahead), ahead)
end
if least > 0 and ahead + least * step > tolerance + slack then
  local retry = least * step > tolerance and ahead or ahead + least * step - tolerance
  return answer(nil, (tolerance + slack - ahead) / step, ahead, retry)
end
local granted = most
if least > 0 then granted = math.max(least, math.min(most, (tolerance + slack - ahead) / step)) end
ahead = math.max(0, ahead + granted * step)
if ahead > 0 then keep(string.format('%.17g', now + ahead), ahead) else redis.call('DEL', KEYS[1]) end
return answer(granted, (tolerance + slack - ahead) / step, ahead, 0)`;

/** Finds the window of the clock that counts: after a clock was set back a little, the one that was counted in. */
const WINDOW = `${HEAD}local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local number = math.floor(now / window)
local elapsed = math.max(0, math.min(window, now - number * window))
local stored, current, previous = string.match(state or '', '^(%S+) (%S+) (%S+)$')
stored, current, previous = tonumber(stored), tonumber(current) or 0, tonumber(previous) or 0
if stored == number + 1 then
  number, elapsed = stored, 0
elseif stored == number - 1 then
  current, previous = 0, current
elseif stored ~= number then
  current, previous = 0, 0
end
local most_used = limit * (1 + 1e-9)
local function count(granted, seconds)
  current = math.max(0, current + granted)
  keep(string.format('%.0f %.17g %.17g', number, current, previous), seconds)
end
`;

/** State: `<number of the window> <cost in it> 0`. */
export const FIXED_SCRIPT = `${WINDOW}previous = 0
local reset = window - elapsed
if least > 0 and current + least > most_used then return answer(nil, most_used - current, reset, reset) end
local granted = most
if least > 0 then granted = math.max(least, math.min(most, most_used - current)) end
count(granted, reset + 1)
return answer(granted, most_used - current, reset, 0)`;

/** State: `<number of the window> <cost in it> <cost in the one before>`. */
export const SLIDING_SCRIPT = `${WINDOW}local reset = window - elapsed
local weighted = previous * (1 - elapsed / window)
local used = weighted + current
if least > 0 and used + least > most_used then
  local retry = reset + window
  local free = limit - least - current
  if least <= limit and free >= 0 then
    retry = previous > 0 and window * (1 - free / previous) - elapsed or 0
  elseif least <= limit then
    retry = reset + window * (1 - (limit - least) / current)
  end
  return answer(nil, most_used - used, reset, retry)
end
local granted = most
if least > 0 then granted = math.max(least, math.min(most, most_used - used)) end
count(granted, reset + window + 1)
return answer(granted, most_used - weighted - current, reset, 0)`;
