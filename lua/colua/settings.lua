--- Settings of the session: the colours of the prompt from config.json (codeocean.settings), and
-- the path of init.lua beside it, which runs at the start of a session. Read once, by
-- colua.session. An error in config.json is reported where the client is made.

local settings = require "codeocean.settings"
local user_folders = require "codeocean.user_folders"

local M = {}

--- read(getenv) -> {colours = {name = colour}, init = path of init.lua or nil}.
function M.read(getenv)
  local folder, found = user_folders.config(getenv), settings.read(getenv)
  return { colours = found and found.colours or {}, init = folder and folder .. "/init.lua" }
end

return M
