--- The journal of a bulk run: what was going to be written, durable before it is sent, and what
-- came of it. JSON lines:
--
--   {"journal": 1, "name": …, "action": …, "deployment": …, "started": …, "arguments": …, …}
--   {"ids": [ … ]}                      every id selected, before the first is read; then
--   {"selected": n}
--   {"confirmed": n}                    n changes were agreed to
--   {"intent": i, "id": …, "name": …, "before": {…}, "after": {…}}    of the fields written
--   {"outcome": i, "status": …, "error": …}
--   {"end": {"ok": …}, "state": "done" | "interrupted"}
--
-- No secrets: before and after hold fields of assets, errors are masked.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local plan = require "codeocean.bulk.plan"

local M = {}

local EEXIST, EWOULDBLOCK, ELOOP = 17, 11, 40
local CHUNK = 1000

local Journal = { __name = "codeocean.journal" }
Journal.__index = Journal

local function failure(kind, path, message)
  return errors.new { kind = kind, message = ("journal %s: %s"):format(path, message) }
end

local function opening_failure(path, message, code)
  if code == EEXIST then
    return failure("refused", path, "it exists; resume it (colua resume) or name another")
  elseif code == EWOULDBLOCK then
    return failure("refused", path, "another process is writing it")
  elseif code == ELOOP then
    return failure("refused", path, "it is a symbolic link; name the file itself")
  end
  return failure("journal", path, message)
end

-- Where it stands --------------------------------------------------------------------------------

--- The folder of the journals that nobody named: $XDG_STATE_HOME/colua/runs.
function M.folder(getenv)
  getenv = getenv or os.getenv
  local state, home = getenv("XDG_STATE_HOME"), getenv("HOME")
  if state and state ~= "" then return state .. "/colua/runs" end
  return home and home .. "/.local/state/colua/runs"
end

local function make_folders(path)
  local at = path:sub(1, 1) == "/" and "" or "."
  for part in path:gmatch("[^/]+") do
    at = at .. "/" .. part
    local made, message = core.make_folder(at)
    if not made then return nil, failure("journal", at, message) end
  end
  return true
end

local function new_path(name)
  local folder = M.folder()
  if not folder then
    return nil, failure("journal", "(none)", "neither XDG_STATE_HOME nor HOME is set")
  end
  local made, err = make_folders(folder)
  if not made then return nil, err end
  return ("%s/%s-%s-%06x.jsonl"):format(folder, os.date("!%Y%m%dT%H%M%SZ"),
    name:gsub("[^%w_-]", "_"), math.random(0, 0xffffff))
end

-- Reading ----------------------------------------------------------------------------------------

-- What each kind of line adds to the state.
local readers = {
  ids = function(state, line) table.move(line.ids, 1, #line.ids, #state.ids + 1, state.ids) end,
  selected = function(state) state.selected = true end,
  confirmed = function(state) state.confirmed = true end,
  intent = function(state, line) state.intents[line.intent] = line end,
  outcome = function(state, line) state.outcomes[line.outcome] = line end,
  ["end"] = function(state, line) state.ended, state.counts = line.state, line["end"] end,
}

-- What such a line must hold under its kind.
local types = { ids = "table", intent = "number", outcome = "number" }

local function read_line(state, text)
  local line = json.decode(text)
  if type(line) ~= "table" then return false end
  for kind, reader in pairs(readers) do
    local value = line[kind]
    if value ~= nil and type(value) ~= (types[kind] or type(value)) then return false end
    if value ~= nil then reader(state, line) end
  end
  return true
end

-- What the first line and its origin must hold, where they hold it.
local HEADER = { name = "string", action = "string", deployment = "string", origin = "table" }
local ORIGIN = { command = "string", script = "string", hash = "string", arguments = "table" }

local function fits(line, fields)
  for name, kind in pairs(fields) do
    if line[name] ~= nil and type(line[name]) ~= kind then return false end
  end
  return true
end

local function is_header(line)
  if type(line) ~= "table" or line.journal ~= 1 or not fits(line, HEADER) then return false end
  local origin = line.origin
  return origin == nil or fits(origin, ORIGIN) and line.name ~= nil
    and (origin.command or origin.script) ~= nil
end

--- state, whole or as far as it was written: {header, ids, selected, confirmed, intents and
-- outcomes by place, ended, counts}; or nil, err. A line cut by a crash is no error, a damaged one
-- in the middle is.
function M.read(path)
  local file, message = io.open(path, "r")
  if not file then return nil, failure("journal", path, message:gsub("^.-: ", "")) end
  local state = { ids = {}, intents = {}, outcomes = {} }
  local first, unreadable = file:read("l")
  state.header = json.decode(first or "")
  if unreadable then
    file:close()
    return nil, failure("journal", path, unreadable)
  elseif not is_header(state.header) then
    file:close()
    return nil, failure("journal", path, "it is no journal of a bulk run")
  end
  local number, broken = 1, nil
  for text in file:lines("L") do
    number = number + 1
    if broken then break end
    local whole = text:sub(-1) == "\n"
    if not (whole and read_line(state, text)) then broken = { number, whole } end
  end
  file:close()
  if broken and broken[2] then
    return nil, failure("journal", path, ("line %d is damaged"):format(broken[1]))
  end
  return state
end

-- Writing ----------------------------------------------------------------------------------------

-- A file in which a process that was killed at once wrote nothing is as good as none.
local function create_log(path)
  local log, message, code = core.log_create(path)
  if code ~= EEXIST then return log, message, code end
  local there = core.log_open(path)
  if there and there:fresh() then return there end
  if there then there:close() end
  return nil, message, code
end

-- Two that begin in one second may think of the same name: the second thinks again.
local function create_unnamed(name)
  local path, problem, log, message, code
  repeat
    path, problem = new_path(name)
    if not path then return nil, problem end
    log, message, code = create_log(path)
  until log or code ~= EEXIST
  return path, log, message, code
end

-- An argument of the command line need not be UTF-8.
local function check_header(path, header)
  local ok, problem = pcall(json.encode, header)
  if ok then return true end
  return nil, failure("refused", path or "(new)", "it can hold text in UTF-8 only: " .. problem)
end

--- A new journal; `path` nil: in the folder of journals. err.kind is "refused" if the file exists.
function M.create(path, header)
  local good, problem = check_header(path, header)
  if not good then return nil, problem end
  local log, message, code
  if path then
    log, message, code = create_log(path)
  else
    path, log, message, code = create_unnamed(header.name)
    if not path then return nil, log end
  end
  if not log then return nil, opening_failure(path, message, code) end
  local self = setmetatable({ path = path, log = log, lines = {},
    state = { header = header, ids = {}, intents = {}, outcomes = {} } }, Journal)
  header.journal = 1
  self:add(header)
  local ok, err = self:flush()
  if not ok then return nil, err end
  return self
end

--- Goes on with an existing one; err.kind is "refused" if another process has it.
function M.resume(path)
  local log, message, code = core.log_open(path)
  if not log then return nil, opening_failure(path, message, code) end
  local state, err = M.read(path)
  if not state then return nil, err end
  if not state.selected then state.ids = {} end
  return setmetatable({ path = path, log = log, lines = {}, state = state }, Journal)
end

--- Whether another process is writing it.
function M.is_busy(path)
  local log, _, code = core.log_open(path)
  if log then log:close() end
  return not log and code == EWOULDBLOCK
end

function Journal:add(line)
  self.lines[#self.lines + 1] = json.encode(line)
end

function Journal:write()
  if #self.lines == 0 then return true end
  local text = table.concat(self.lines, "\n") .. "\n"
  self.lines = {}
  local ok, message = self.log:append(text)
  if ok then return true end
  return nil, failure("journal", self.path, message)
end

--- Makes all that was added durable: true; or nil, err (a full disk).
function Journal:flush()
  local ok, err = self:write()
  if not ok then return nil, err end
  local synced, message = self.log:sync()
  if synced then return true end
  return nil, failure("journal", self.path, message)
end

--- All ids of the run; durable when it returns.
function Journal:select(ids)
  for from = 1, #ids, CHUNK do
    self:add { ids = json.array(table.move(ids, from, math.min(from + CHUNK - 1, #ids), 1, {})) }
  end
  self:add { selected = #ids }
  return self:flush()
end

function Journal:confirm(count)
  self:add { confirmed = count }
  return self:flush()
end

--- What is going to be written; to be flushed before the request leaves.
function Journal:intend(index, item)
  local before, after = plan.sides(item)
  self:add { intent = index, id = item.id, name = item.name, before = before, after = after }
end

function Journal:settle(index, item)
  self:add { outcome = index, id = item.id, status = item.status,
    error = item.error and tostring(item.error) or nil }
end

function Journal:finish(counts, state)
  self:add { ["end"] = counts, state = state }
  local ok, err = self:flush()
  self.log:close()
  return ok, err
end

return M
