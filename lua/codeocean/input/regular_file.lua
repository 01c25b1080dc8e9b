--- Opens a file that must be a regular one: the program would wait for a pipe, a device never ends,
-- and neither can be read twice. Called by everything that opens a file with a name of colua's own
-- (settings, credentials, history, the last listing), or reads one twice: journals, plans, pulled
-- files. Lists and sheets, which the user names and which are read once, may come from a pipe.
-- What must hold: nothing but a regular file is opened, and nothing is waited for.

local core = require "codeocean.core"
local system = require "codeocean.lua.system"

local M = {}

local EINVAL = 22

--- What is wrong with a folder, a pipe or a device.
M.NOT_REGULAR = "it is a folder, a pipe or a device; a regular file is needed"

local function opened(path, append)
  if not io then return system.open(path) end
  local file, message, code = core.open_regular(path, append)
  if file then return file end
  return nil, ("%s: %s"):format(path, code == EINVAL and M.NOT_REGULAR or message), code
end

--- open(path) -> the file, open for reading; or nil, message, errno as io.open gives them.
function M.open(path) return opened(path, false) end

--- append(path) -> the file, open for writing at its end; or nil, message, errno. A missing file is
-- created, private to its owner. A symbolic link is not followed.
function M.append(path) return opened(path, true) end

return M
