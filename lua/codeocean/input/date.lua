--- Days as people write them, as seconds since 1970 in UTC.
--
-- Called by expressions (`date "2024-02-29"`) and by the schema of custom metadata. Pure: the
-- system's clock and time zone do not matter.

local M = {}

local LONG = { true, false, true, false, true, false, true, true, false, true, false, true }

local function is_leap(year) return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0) end

local function days_in(year, month)
  if month == 2 then return is_leap(year) and 29 or 28 end
  return LONG[month] and 31 or 30
end

-- Days from 1970-01-01 to a day of the Gregorian calendar.
local function day_number(year, month, day)
  if month <= 2 then year, month = year - 1, month + 12 end
  local leap_days = year // 4 - year // 100 + year // 400
  return 365 * year + leap_days + (153 * month - 457) // 5 + day - 719469
end

-- The seconds of a time of day as it follows a date ("T10:00:00Z"); nil for any other text.
local function seconds_of_day(word)
  local hour, minute, second = word:match "^[T ](%d%d):(%d%d):(%d%d)Z$"
  if not hour then return nil end
  hour, minute, second = tonumber(hour), tonumber(minute), tonumber(second)
  return hour < 24 and minute < 60 and second < 60 and 3600 * hour + 60 * minute + second or nil
end

--- seconds(word) -> the second at which "2024", "2024-02" or "2024-02-29" begins, or that of
-- "2024-02-29 10:00:00Z", as times are shown; nil if it is none of these.
function M.seconds(word)
  local date, time = word:match "^(%d%d%d%d%-%d%d%-%d%d)([T ].*)$"
  if date then
    local begin, offset = M.seconds(date), seconds_of_day(time)
    return begin and offset and begin + offset or nil
  end
  local year, month, day = word:match "^(%d%d%d%d)%-?(%d?%d?)%-?(%d?%d?)$"
  if not year then return nil end
  year, month, day = tonumber(year), tonumber(month) or 1, tonumber(day) or 1
  local good = month >= 1 and month <= 12 and day >= 1 and day <= days_in(year, month)
  return good and day_number(year, month, day) * 86400 or nil
end

-- Days of the period that a date without a time names.
local function days_of(word)
  local year, month, day = word:match "^(%d%d%d%d)%-?(%d?%d?)%-?(%d?%d?)$"
  if day ~= "" then return 1 end
  year, month = tonumber(year), tonumber(month)
  return month and days_in(year, month) or is_leap(year) and 366 or 365
end

--- last_second(word) -> the last second of the year, month, day or time that seconds() reads; nil
-- if it is none of these.
function M.last_second(word)
  local first = M.seconds(word)
  if not first or word:find ":" then return first end
  return first + days_of(word) * 86400 - 1
end

return M
