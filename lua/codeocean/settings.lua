--- Settings: the user's values, none of them secret, for all runs of colua and of the library.
--
-- ~/.config/colua/config.json ($XDG_CONFIG_HOME/colua/config.json), each name optional:
--
--   {"protect": {"tag": ["keep"], "name": ["Atlas"]},    no bulk run touches these assets
--    "jobs": 8, "rate": 20,                              the defaults of every client
--    "colours": {"acmecorp": "red"}}                     of the session's prompt, by deployment or
--                                                        profile: bold, dim, red, green or yellow
--
-- Read by codeocean.config for each client, and by the session. What must hold: a file that cannot
-- be read, or that has an unknown name, is an error: a misspelt `protect` must not be ignored.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local options = require "codeocean.options"
local regular_file = require "codeocean.input.regular_file"
local text = require "codeocean.text"
local user_folders = require "codeocean.user_folders"

local M = {}

local ENOENT = 2
local MOST = 64 * 1024 -- bytes

local PROTECT = {
  { "tag", nil, options.list(options.text) },
  { "name", nil, options.list(options.text) },
  called = "name",
}

local function object(value)
  if type(value) ~= "table" or getmetatable(value) then return "object" end
end

local COLOUR = options.choice("bold", "dim", "red", "green", "yellow")

local function colours(value)
  if object(value) then return "object" end
  for name, colour in pairs(value) do
    local expected = COLOUR(colour)
    if expected then return expected, "." .. tostring(name), colour end
  end
end

-- The types of the values; those of `protect` are in rows of their own.
local ROWS = {
  { "protect", nil, object },
  { "jobs", nil, options.integer(1, 1000) },
  { "rate", nil, options.number(1000000) },
  { "colours", nil, colours },
  called = "name",
}

-- The dangling link in the path of a file, or nil. Its target may exist and be out of reach now (a
-- disk that is not mounted): settings that cannot be read are not the same as none.
local function dangling_link(path)
  while path ~= "" do
    if core.is_link(path) and not core.absolute(path) then return path end
    path = path:match("^(.*)/") or ""
  end
end

-- The file's content, "{}" where there is no file; or nil and why not.
local function content_of(path)
  local file <close>, message, code = regular_file.open(path or "")
  local absent = not file and (not path or code == ENOENT)
  local link = absent and dangling_link(path or "")
  if link then return nil, ("%s is a link that leads nowhere"):format(text.escape(link)) end
  if absent then return "{}" end
  if not file then return nil, message:sub(#path + 3) end -- without the path in front
  local content, unreadable = file:read(MOST)
  return not unreadable and (content or "") or nil, unreadable
end

local function problem_of(found, unreadable)
  if unreadable then return "it is not JSON" .. text.because(unreadable) end
  if object(found) then return "it is not a JSON object" end
  local name, problem = options.problem(ROWS, found)
  if not name and found.protect then
    name, problem = options.problem(PROTECT, found.protect)
    name = name and "protect." .. name
  end
  return name and ("%s: %s"):format(name, problem)
end

--- read(getenv) -> {protect, jobs, rate, colours}, each nil unless set; or nil, err of kind
-- `config`, which names the file and what is wrong with it.
function M.read(getenv)
  local folder = user_folders.config(getenv)
  local path = folder and folder .. "/config.json"
  local content, problem = content_of(path)
  local found
  if content then
    found, problem = core.json_decode(content)
    problem = problem_of(found, problem)
  end
  if not problem then return found end
  return nil, errors.new { kind = "config",
    message = ("%s: %s"):format(text.escape(path), problem) }
end

return M
