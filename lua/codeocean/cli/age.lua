--- Ages as people type them: "90d", "26w", "6m", "1y". Used by the options --idle.

local M = {}

local DAY = 86400
local UNITS = { d = DAY, w = 7 * DAY, m = 30 * DAY, y = 365 * DAY }
local MOST = 1000 * UNITS.y

--- seconds(word) -> the age in seconds; or nil and what is wrong with the word. A month has 30
-- days, a year 365.
function M.seconds(word)
  local number, unit = word:match "^(%d+)([dwmy])$"
  local age = number and #number < 8 and math.tointeger(tonumber(number)) * UNITS[unit]
  if age and age > 0 and age <= MOST then return age end
  return nil, ("'%s' is not an age such as 90d, 26w, 6m or 1y"):format(word)
end

return M
