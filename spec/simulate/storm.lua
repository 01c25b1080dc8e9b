--- The faults of one history.

local M = {}

-- slow         an answer takes seconds
-- throttle     429 with a number of seconds in Retry-After; throttle_mute: without one
-- lose_request a request never arrives; lose_answer: it is carried out, and the answer is lost
-- other_asset  a cache answers with another asset; page: a gateway answers 200 with a page
-- old_answer   a write is answered with the asset as it was before
-- kill_write, kill_sync   the process is killed while it writes to a file, or syncs it
-- full_disk    a write to a file fails after some of its bytes
-- clock        the machine's clock jumps
-- revoke       the token is refused for some time; forbid: somebody takes the right to an asset
M.NAMES = { "slow", "throttle", "throttle_mute", "lose_answer", "lose_request", "other_asset",
  "page", "kill_write", "kill_sync", "full_disk", "clock", "revoke", "forbid", "old_answer" }

-- Of faults that are no matter of a single request: how often at most, in a hundred.
local RARE = { clock = 100, revoke = 50, forbid = 60 }

--- new(dice) -> which faults a history has, and how often: {name = probability}.
function M.new(dice)
  local storm = {}
  for _, name in ipairs(M.NAMES) do
    local often = dice:random(RARE[name] or 15) / 100
    if dice:chance(0.22) then storm[name] = often end
  end
  return storm
end

return M
