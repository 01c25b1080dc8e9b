--- Opens a file that must be a regular one: a pipe would be waited for, a device never ends, and
-- what is read twice must be there twice. Called by the readers of settings, credentials, journals,
-- plans and pulled files. What must hold: nothing else is opened.

local core = require "codeocean.core"
local system = require "codeocean.lua.system"

local M = {}

local EINVAL = 22

--- open(path) -> the file, open for reading; or nil, message, errno as io.open gives them.
function M.open(path)
  if core.replaceable(path) then return system.open(path, "rb") end
  return nil, path .. ": it is a folder, a pipe or a device; a regular file is needed", EINVAL
end

return M
