--- Faults that happen at a time and not to a request: the clock jumps, the token is refused for a
-- while, the right to write an asset is withdrawn and given back.

local M = {}

local SPAN = 60 -- seconds after the beginning in which they come

-- Lets a clock jump by `most` seconds at most.
local function jump(history)
  local world, most = history.world, history.most_wrong or 3600
  world.clock = history.began + world:random(2 * most) - most
end

local function revoke(history)
  local world = history.world
  history.platform.revoked = true
  world:at(world.now + world:random(60), function() history.platform.revoked = false end)
end

local function forbid(history)
  local world, forbidden = history.world, history.platform.forbidden
  local id = world:pick(history.platform.ids)
  forbidden[id] = true
  world:at(world.now + world:random(60), function() forbidden[id] = nil end)
end

local EVENTS = { { "clock", jump }, { "revoke", revoke }, { "forbid", forbid } }

--- start(history): plans them.
function M.start(history)
  local world = history.world
  for _, row in ipairs(EVENTS) do
    for _ = 1, world.storm[row[1]] and 2 or 0 do
      world:at(world.now + world:random(SPAN), function()
        if world:fault(row[1]) then row[2](history) end
      end)
    end
  end
end

return M
