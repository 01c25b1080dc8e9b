--- The user's folders, from the environment: home, state and configuration.
--
-- Called by everything that keeps a file for the user: credentials, settings, journals, the history
-- of sessions, short ids. What must hold: a variable without an absolute path counts as unset,
-- since a relative path depends on the current folder.

local core = require "codeocean.core"

local M = {}

local function absolute(path) return path and path:sub(1, 1) == "/" and path or nil end

--- home(getenv) -> $HOME; or nil.
function M.home(getenv) return absolute(getenv "HOME") end

-- The folder of colua in `folder`, or else in the place below the home; or nil.
local function folder_in(folder, home, place)
  folder = absolute(folder) or home and home .. place
  return folder and folder .. "/colua"
end

--- state(getenv) -> $XDG_STATE_HOME/colua or ~/.local/state/colua; or nil.
function M.state(getenv)
  return folder_in(getenv "XDG_STATE_HOME", M.home(getenv), "/.local/state")
end

--- config(getenv) -> $XDG_CONFIG_HOME/colua or ~/.config/colua; or nil.
function M.config(getenv)
  return folder_in(getenv "XDG_CONFIG_HOME", M.home(getenv), "/.config")
end

--- make(folder) -> true once the absolute path is a folder: each part that is missing was made,
-- private to the user; or nil, message, and the part that could not be made.
function M.make(folder)
  local part = ""
  for name in folder:gmatch "[^/]+" do
    part = part .. "/" .. name
    local made, message = core.make_folder(part)
    if not made then return nil, message, part end
  end
  return true
end

return M
