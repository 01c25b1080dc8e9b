--- Bars of text, in eighths of a column, or of "#" if the terminal has no UTF-8. Pure: the
-- environment is a parameter.

local ascii = require "codeocean.ascii"

local M = {}

local EIGHTHS = { "▏", "▎", "▍", "▌", "▋", "▊", "▉" }

--- is_unicode(getenv) -> whether the environment's locale writes UTF-8.
function M.is_unicode(getenv)
  for _, name in ipairs { "LC_ALL", "LC_CTYPE", "LANG" } do
    local value = getenv(name)
    if value and value ~= "" then return ascii.upper(value):find("UTF%-?8") ~= nil end
  end
  return false
end

local function blocks(eighths)
  return ("█"):rep(eighths // 8) .. (EIGHTHS[eighths % 8] or "")
end

--- draw(share, width, unicode) -> a bar of `share` (0 to 1) of `width` columns. A share above 0 is
-- never invisible.
function M.draw(share, width, unicode)
  if share <= 0 or share ~= share then return "" end
  local length = math.min(share, 1) * width
  if not unicode then return ("#"):rep(math.max(1, math.floor(length + 0.5))) end
  return blocks(math.max(1, math.floor(length * 8 + 0.5)))
end

return M
