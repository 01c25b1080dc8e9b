--- Settings: what a user has set for the session, in ~/.config/colua ($XDG_CONFIG_HOME/colua).
--
--   config.json   {"colours": {"acmecorp.codeocean.com": "red"}}: of the prompt, by deployment or
--                 profile; a colour is bold, dim, red, green or yellow
--   init.lua      run at the start of a session, with its names
--
-- Holds no secrets. A file that is not there is no error. Read once, by colua.session.

local core = require "codeocean.core"

local M = {}

local MOST = 64 * 1024 -- bytes
local COLOURS = { bold = true, dim = true, red = true, green = true, yellow = true }

--- folder(getenv) -> where the files are; or nil: there is no HOME.
function M.folder(getenv)
  local config, home = getenv "XDG_CONFIG_HOME" or "", getenv "HOME" or ""
  if config:sub(1, 1) == "/" then return config .. "/colua" end
  return home ~= "" and home .. "/.config/colua" or nil
end

local function read(path)
  local file = path and io.open(path, "rb")
  if not file then return nil end
  local text = file:read(MOST)
  file:close()
  return text
end

-- What is wrong with the colours, or nil.
local function fault(colours)
  if type(colours) ~= "table" then return "colours: an object expected" end
  for name, colour in pairs(colours) do
    if not COLOURS[colour] then
      return ("colours: %s: bold, dim, red, green or yellow expected"):format(name)
    end
  end
end

--- read(getenv) -> {colours = {name = colour}, init = path of init.lua or nil}, and a line about
-- what is wrong with the file, or nil.
function M.read(getenv)
  local folder = M.folder(getenv)
  local path = folder and folder .. "/config.json"
  local settings = { colours = {}, init = folder and folder .. "/init.lua" }
  local text = read(path)
  if not text then return settings end
  local found = core.json_decode(text)
  if type(found) ~= "table" then return settings, path .. " is not JSON" end
  local problem = found.colours ~= nil and fault(found.colours)
  if problem then return settings, path .. ": " .. problem end
  settings.colours = found.colours or {}
  return settings
end

return M
