-- What runs in test/lua/balance-picks.test.ts beside the same in TypeScript.
local core = "autoscale.core.balance."
local create_rotation = require(core .. "rotation").createRotation
local two = require(core .. "two-choices")
local create_maglev = require(core .. "maglev").createMaglevBuild

local function cycling(randoms)
  local at = 0
  return function()
    at = at % #randoms + 1
    return randoms[at]
  end
end

local function exclude(candidates, ids, serial)
  for _, id in ipairs(ids) do
    if candidates[id + 1] then candidates[id + 1].excludedIn = serial end
  end
end

function run_rotation(candidates, randoms, steps)
  local rotation, picks = create_rotation(cycling(randoms)), {}
  for serial, step in ipairs(steps) do
    if step["do"] == "reset" then
      local list = {}
      for _, id in ipairs(step.ids) do list[#list + 1] = candidates[id + 1] end
      rotation.reset(list)
    elseif step["do"] == "weight" then
      local candidate = candidates[step.id + 1]
      if candidate then candidate.weight = step.weight end
    else
      exclude(candidates, step.ids, serial)
      local picked = rotation.pick(serial)
      picks[#picks + 1] = picked and picked.id or -1
    end
  end
  return picks
end

function run_two_choices(candidates, randoms, excluded)
  local random, picks = cycling(randoms), {}
  for serial, ids in ipairs(excluded) do
    exclude(candidates, ids, serial)
    local least = two.pickLeastRequest(candidates, serial, random)
    picks[#picks + 1] = least and least.id or -1
    if least then least.inFlight = least.inFlight + 1 end
    local quick = two.pickPeakEwma(candidates, serial, 100 + serial, 10, 0.1, random)
    picks[#picks + 1] = quick and quick.id or -1
  end
  return picks
end

-- A table of 262,139 slots as one number.
function run_maglev(keys, weights, steps)
  local build = create_maglev(keys, weights)
  while not build.step(steps) do end
  local sum = 0
  for slot, peer in ipairs(build.table) do sum = (sum * 31 + peer * 7 + slot) % 4294967291 end
  return #build.table, sum
end
