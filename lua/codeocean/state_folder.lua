--- Where this user's state is kept: the journals of bulk runs, the history of sessions. Pure.

local M = {}

local function absolute(path) return path and path:sub(1, 1) == "/" and path or nil end

--- path(getenv) -> $XDG_STATE_HOME/colua, ~/.local/state/colua; nil if neither variable holds an
-- absolute path.
function M.path(getenv)
  local state, home = absolute(getenv "XDG_STATE_HOME"), absolute(getenv "HOME")
  if not state and home then state = home .. "/.local/state" end
  return state and state .. "/colua"
end

return M
