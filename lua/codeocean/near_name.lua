--- "Did you mean": the words of a message about an unknown name.
--
-- Called where a user names an option, a field, a key, a profile or a variable. core.nearest
-- (src/core/text/nearest.h) decides which name is near.

local core = require "codeocean.core"
local text = require "codeocean.text"

local M = {}

--- hint(name, names) -> "did you mean 'x'?" with the one of the list that was most likely meant;
-- nil if none is near, or it is the name itself.
function M.hint(name, names)
  local near = core.nearest(name, names)
  return near and near ~= name and ("did you mean '%s'?"):format(text.escape(near)) or nil
end

--- behind(name, names) -> the same behind a semicolon, to follow another sentence; or "".
function M.behind(name, names)
  local hint = M.hint(name, names)
  return hint and "; " .. hint or ""
end

--- or_all(name, names) -> the hint; or, if no name is near, "there are " and all of them.
function M.or_all(name, names)
  return M.hint(name, names) or "there are " .. text.escape(table.concat(names, ", "))
end

return M
