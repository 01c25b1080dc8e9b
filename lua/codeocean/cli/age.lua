--- Reads ages such as "90d", "26w", "6m", "1y". Called for the options --idle.

local M = {}

local DAY = 86400
local UNITS = { d = DAY, w = 7 * DAY, m = 30 * DAY, y = 365 * DAY }
local MOST = 1000 * UNITS.y

--- seconds(word) -> the age in seconds, with months of 30 days and years of 365; or nil and what is
-- wrong with the word.
function M.seconds(word)
  local number, unit = word:match "^(%d+)([dwmy])$"
  local age = number and #number < 8 and math.tointeger(tonumber(number)) * UNITS[unit]
  if age and age > 0 and age <= MOST then return age end
  return nil, ("'%s' is not an age such as 90d, 26w, 6m or 1y"):format(word)
end

return M
