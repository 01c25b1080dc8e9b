--- The faults of one history.

local M = {}

--- new(world) -> which faults this history has, and how often: {name = probability}.
function M.new(world)
  local storm = {}
  for _, name in ipairs { "slow", "throttle", "lose_answer", "lose_request", "other_asset",
    "kill_write", "kill_sync", "full_disk" } do
    if world:chance(0.3) then storm[name] = world:random(15) / 100 end
  end
  return storm
end

return M
