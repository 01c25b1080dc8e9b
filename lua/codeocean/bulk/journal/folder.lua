--- The folder of journals that have no path of the user's: its path and new names in it; and why a
-- journal cannot be made, in the folder or at a path of the user's.
--
-- Used by codeocean.bulk.journal. What must hold: problem() makes nothing and changes nothing.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local regular_file = require "codeocean.input.regular_file"
local system = require "codeocean.lua.system"
local text = require "codeocean.text"
local user_folders = require "codeocean.user_folders"

local M = {}

local EEXIST, EWOULDBLOCK, ELOOP, EINVAL = 17, 11, 40, 22

--- refused(path, form, …) -> nil, an error of kind `refused` about the journal at `path`. The
-- message is form:format(…).
function M.refused(path, form, ...)
  return nil, errors.refused("journal %s: " .. form, text.escape(path), ...)
end

local REASONS = {
  [EEXIST] = "it exists; resume it (colua resume) or name another",
  [EWOULDBLOCK] = "another process is writing it",
  [ELOOP] = "it is a symbolic link; name the file itself",
  [EINVAL] = regular_file.NOT_REGULAR,
}

--- failure(path, message, code) -> nil, err of kind `refused`: the journal cannot be opened or
-- made. message, code: as the system gave them.
function M.failure(path, message, code)
  local why = REASONS[code] or message .. "; --journal names another file (journal = path)"
  return M.refused(path, "%s", why)
end

--- unwritable(path, message, code) -> the same for a journal that exists and cannot be written.
function M.unwritable(path, message, code)
  return M.refused(path, "%s", REASONS[code] or "it cannot be written: " .. message)
end

-- The folder ------------------------------------------------------------------------------------

--- path([getenv]) -> the folder of journals without a path of the user's; nil without a state
-- folder. Runs on a sandbox of `colua --sandbox` have another folder, for they are rehearsals.
function M.path(getenv)
  getenv = getenv or system.getenv
  local state = user_folders.state(getenv)
  local rehearsal = (getenv "CODEOCEAN_SANDBOX" or "") ~= ""
  return state and state .. (rehearsal and "/rehearsals" or "/runs")
end

local function folder_or_refusal()
  local folder = M.path()
  if folder then return folder end
  return M.refused("(none)", "neither XDG_STATE_HOME nor HOME names a folder; --journal names "
    .. "a file (journal = path)")
end

--- make() -> the folder of journals, after creating it if needed; or nil, err.
function M.make()
  local folder, err = folder_or_refusal()
  if not folder then return nil, err end
  local made, message, part = user_folders.make(folder)
  if not made then return M.failure(part, message) end
  return folder
end

-- The digits of the newest name in the folder, as a number; 0 if there is none.
local function newest(folder)
  local last = 0
  for _, name in ipairs(core.list_folder(folder) or {}) do
    local day, time = name:match "^(%d%d%d%d%d%d%d%d)T(%d%d%d%d%d%d%d%d%d)Z%-"
    if day then last = math.max(last, math.tointeger(day .. time)) end
  end
  return last
end

-- The time in UTC with thousandths of a second; at least a thousandth later than the newest name in
-- the folder, even after the clock was set back. So names sort in the order of runs, for "last".
local function stamp(folder)
  local time = core.time_of_day()
  local digits = os.date("!%Y%m%d%H%M%S", math.floor(time))
    .. ("%03d"):format(time % 1 * 1000 // 1 | 0)
  local later = ("%017d"):format(math.max(math.tointeger(digits), newest(folder) + 1))
  return later:sub(1, 8) .. "T" .. later:sub(9) .. "Z"
end

--- new_path(name) -> a new path in the folder of journals, after make(); or nil, err.
function M.new_path(name)
  local folder, err = M.make()
  if not folder then return nil, err end
  return ("%s/%s-%s-%06x.jsonl"):format(folder, stamp(folder),
    name:gsub("[^%w_-]", "_"):sub(1, 60), core.random() & 0xffffff)
end

-- Foretelling ------------------------------------------------------------------------------------

-- The place at which the folder cannot be made or gets no file, and the system's message; a nil
-- message if nothing is in the way.
local function obstacle(folder)
  local at, above = "", "/"
  for part in folder:gmatch "[^/]+" do
    at = at .. "/" .. part
    if not core.absolute(at) then return at, core.folder_problem(above) end
    above = at
  end
  return folder, core.folder_problem(folder)
end

local function problem_of_unnamed()
  local folder, err = folder_or_refusal()
  if not folder then return nil, err end
  local at, message = obstacle(folder)
  if message then return M.failure(at, message) end
end

-- Whether a journal cannot be created at the path because something is there. An empty file does
-- not count: a run that was killed before its first line left it.
local function is_taken(path)
  if core.is_link(path) then return true end
  local file <close> = regular_file.open(path)
  return core.absolute(path) and not (file and file:seek "end" == 0)
end

local function problem_of_named(path)
  if is_taken(path) then return M.failure(path, nil, EEXIST) end
  local folder = path:match "^(.*)/"
  local message = core.folder_problem(folder == "" and "/" or folder or ".")
  if message then return M.failure(path, message) end
end

--- problem(path or nil) -> the refusal that the creation of this journal would meet, or nil.
function M.problem(path)
  local _, err
  if path then _, err = problem_of_named(path) else _, err = problem_of_unnamed() end
  return err
end

return M
