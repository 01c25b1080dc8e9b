--- Writes numbers, times, progress and colours for people. Called wherever values are shown. Pure:
-- the environment is a parameter.

local text = require "codeocean.text"

local M = {}

local UNITS = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" }

-- A value that the API sent in place of a number: shown as it is, not refused.
local function oddity(value)
  if value == nil then return "" end
  return text.escape(type(value) == "number" and text.number(value) or tostring(value))
end

local function tenths(bytes, unit)
  local whole, rest = bytes // unit, bytes % unit
  -- Twice the fraction in tenths of a unit, rounded; this form cannot overflow at 2^63-1.
  return whole * 10 + (rest * 5 + unit // 4) // (unit // 2)
end

--- size(bytes) -> text in binary units with one decimal, rounded exactly: "6.4 PiB", "512 B". nil
-- gives ""; a value that is not a whole number of bytes is returned as text.
function M.size(bytes)
  local count = type(bytes) == "number" and math.tointeger(bytes)
  if not count or count < 0 then return oddity(bytes) end
  if count < 1024 then return count .. " B" end
  local exponent = 1
  while exponent < 6 and tenths(count, 1 << 10 * exponent) >= 10240 do
    exponent = exponent + 1
  end
  local rounded = tenths(count, 1 << 10 * exponent)
  return ("%d.%d %s"):format(rounded // 10, rounded % 10, UNITS[exponent + 1])
end

--- time(epoch) -> seconds since 1970 as a time in UTC: "2022-01-06 12:45:10Z". 0, which the API
-- sends for an event that has not happened, gives "never"; nil gives "".
function M.time(epoch)
  if epoch == 0 then return "never" end
  if type(epoch) ~= "number" then return oddity(epoch) end
  local ok, date = pcall(os.date, "!%Y-%m-%d %H:%M:%SZ", math.floor(epoch))
  return ok and date or oddity(epoch)
end

--- iso(epoch) -> seconds since 1970 in ISO 8601: "2022-01-06T12:45:10Z"; nil for 0, which stands
-- for an event that has not happened; a number that is no time as it is.
function M.iso(epoch)
  if epoch == 0 then return nil end
  local ok, date = pcall(os.date, "!%Y-%m-%dT%H:%M:%SZ", math.floor(epoch))
  return ok and date or epoch
end

--- day(epoch) -> seconds since 1970 as the day in UTC: "2022-01-06"; as time() where they are not
-- the beginning of a day.
function M.day(epoch)
  if type(epoch) ~= "number" or epoch % 86400 ~= 0 then return M.time(epoch) end
  local ok, date = pcall(os.date, "!%Y-%m-%d", math.floor(epoch))
  return ok and date or oddity(epoch)
end

--- duration(seconds) -> "8 s", "2 min 05 s", "3 h 20 min". nil gives "".
function M.duration(seconds)
  if type(seconds) ~= "number" or seconds ~= seconds or seconds >= 2 ^ 53 then
    return oddity(seconds)
  end
  local s = math.max(math.ceil(seconds), 0)
  if s < 60 then
    return ("%d s"):format(s)
  elseif s < 3600 then
    return ("%d min %02d s"):format(s // 60, s % 60)
  end
  return ("%d h %02d min"):format(s // 3600, s % 3600 // 60)
end

local function rate_text(rate)
  local rounded = (rate * 10 + 0.5) // 1 | 0
  return rate < 100 and ("%d.%d/s"):format(rounded // 10, rounded % 10)
    or ("%d/s"):format(rounded // 10)
end

local function count_text(done, total)
  if not total then return ("%d"):format(done) end
  local padded = text.pad(("%d"):format(done), #("%d"):format(total), true)
  if total == 0 then return padded .. "/0" end
  return ("%s/%d  %3d%%"):format(padded, total, done * 100 // total)
end

--- progress(p) -> the line that shows the progress of a run, without colour or line end.
--   p  { done = count, total = count, rate = items per second, eta = seconds, in_flight = count,
--        errors = count }, every field but `done` optional
-- " 412/2000   20%  85.3/s  19 s left  16 in flight  2 errors"
function M.progress(p)
  if type(p) ~= "table" or not math.tointeger(p.done) then
    error("progress needs a table with the field done, a count", 2)
  end
  local parts = { count_text(p.done, p.total) }
  local function add(part) parts[#parts + 1] = part end
  if p.rate then add(rate_text(p.rate)) end
  if p.eta then add(M.duration(p.eta) .. " left") end
  if p.in_flight then add(("%d in flight"):format(p.in_flight)) end
  if (p.errors or 0) > 0 then
    add(p.errors == 1 and "1 error" or ("%d errors"):format(p.errors))
  end
  return table.concat(parts, "  ")
end

--- colours(getenv, is_tty) -> whether to write in colour.
--   getenv  reads the environment, by default os.getenv
--   is_tty  whether what is written goes to a terminal
-- NO_COLOR wins over CLICOLOR_FORCE, which wins over CLICOLOR=0 and TERM=dumb.
function M.colours(getenv, is_tty)
  getenv = getenv or os.getenv
  local function env(name) return getenv(name) or "" end
  if env("NO_COLOR") ~= "" then return false end
  if env("CLICOLOR_FORCE") ~= "" and env("CLICOLOR_FORCE") ~= "0" then return true end
  if env("CLICOLOR") == "0" or env("TERM") == "dumb" then return false end
  return is_tty and true or false
end

local STYLES = { bold = 1, dim = 2, red = 31, green = 32, yellow = 33 }

local function styler(number)
  return function(s) return s == "" and s or ("\27[%dm%s\27[0m"):format(number, s) end
end

local function plain(s) return s end

--- paint(enabled) -> functions bold, dim, red, green and yellow, each from text to text; they
-- change nothing unless `enabled`.
function M.paint(enabled)
  local paint = {}
  for name, number in pairs(STYLES) do
    paint[name] = enabled and styler(number) or plain
  end
  return paint
end

--- host(name) -> the short name of a deployment: the first label of the host's name; of an address,
-- or a name with one label, all of it without the port.
function M.host(name)
  local bare = name:gsub(":%d+$", "")
  return bare:match("^([^.]*%a[^.]*)%.") or bare
end

--- deployment(host [, profile]) -> the deployment as messages name it: "host (profile test)".
function M.deployment(host, profile)
  local name = text.escape(host or "?")
  return profile and ("%s (profile %s)"):format(name, text.escape(profile)) or name
end

return M
