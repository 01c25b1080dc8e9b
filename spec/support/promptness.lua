--- Judges promptness on a machine that others use too: compares the time taken with how late a
-- plain wait is at that moment. A defect is late by far more, also on an idle machine.
--
--   promptness.within(0.1, took, function(seconds) server:wait(seconds) end)

local core = require "codeocean.core"

local M = {}

local NAPS, NAP, SLACK = 40, 0.005, 3

local function lateness(wait)
  local worst = 0
  for _ = 1, NAPS do
    local began = core.now()
    wait(NAP)
    worst = math.max(worst, core.now() - began - NAP)
  end
  return worst
end

--- Fails unless `took` seconds are less than the limit, or than what this machine is late by.
function M.within(limit, took, wait)
  if took < limit then return end
  local allowed = limit + SLACK * lateness(wait)
  if took >= allowed then
    error(("took %.3f s, at most %.3f s here and now"):format(took, allowed), 2)
  end
end

return M
