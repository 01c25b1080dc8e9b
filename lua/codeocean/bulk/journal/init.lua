--- Writing journals: each write of a run, durable before it is sent, and its outcome.
--
-- A run creates its journal before anything else, or resumes one. codeocean.bulk.journal.ledger
-- reads journals, and describes their lines. Used by bulk runs, by creates and by the session, in
-- this order:
--
--   journal = create(path or nil, header)     a new file, 0600; refuses one that exists
--   journal:select(ids)                       every input, durable when it returns; or
--   journal:select_given(rows)                the same, with the patch or values of each
--   journal:extend()                          or one more input, as they come; buffered
--   journal:plan(i, {name, size, patch})      the planned change of input i; buffered
--   journal:confirm(count [, all])            durable when it returns; or
--   journal:refuse(count)                     the same
--   journal:intend(i, {id, name, patch, …})   the change about to be sent; to be flushed first
--   journal:flush()                           all lines so far outlive a power cut
--   journal:add_outcome(i, {status, …})       its outcome; buffered
--   journal:finish(counts, state)             ends and closes it
--
-- intend and add_outcome write all fields that they are given, so a create has its request (secrets
-- masked by the caller) where an update has its patch. Inputs without ids are selected by their
-- number: journal:select(n).
--
-- What must hold: create() never cuts, replaces or follows a file that exists. resume() locks the
-- journal, then reads it; the next write cuts it, if at all, behind its last whole line.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local ledgers = require "codeocean.bulk.journal.ledger"
local object = require "codeocean.object"
local places = require "codeocean.bulk.journal.place"
local scratches = require "codeocean.bulk.journal.scratch"
local seals = require "codeocean.bulk.journal.seal"

local M = {}

local EEXIST, EWOULDBLOCK = 17, 11
local IDS = 1000      -- ids a line
local BUFFERED = 1000 -- lines kept in memory before they are written

local Journal, metatable = object.class "codeocean.bulk.journal"

M.read = ledgers.read

--- refused, folder, make_folder, problem: as codeocean.bulk.journal.place has them.
M.refused, M.folder, M.make_folder = places.refused, places.folder, places.make_folder
M.problem = places.problem

-- Creating and resuming --------------------------------------------------------------------------

-- Creates the file. An empty private file may be used: a process that was killed before its first
-- line left it.
local function create_log(path)
  local log, message, code = core.log_create(path)
  if code ~= EEXIST then return log, message, code end
  local there = core.log_open(path)
  if there and there:fresh() then return there end
  if there then there:close() end
  return nil, message, code
end

-- Creates a journal under a new name in the folder; another name if two runs begin at one time.
local function create_unnamed(name)
  local path, problem, log, message, code
  repeat
    path, problem = places.new_path(name)
    if not path then return nil, problem end
    log, message, code = create_log(path)
  until log or code ~= EEXIST
  return path, log, message, code
end

-- Records are read from the file that is written, though somebody moves, removes or replaces it.
local function new(path, log, ledger)
  ledger:open()
  return setmetatable({ path = path, log = log, ledger = ledger, lines = {}, at = log:size() or 0 },
    metatable)
end

-- Buffers a line; returns its place in the file.
local function buffer_line(self, line)
  local at = self.at
  self.lines[#self.lines + 1] = line
  self.at = at + #line + 1
  return at
end

-- The line of the header; or nil, err: an argument of the command line need not be UTF-8.
local function encoded_header(path, header)
  local ok, line = pcall(function() return json.encode(ledgers.sealed(header)) end)
  if ok then return line end
  return M.refused(path or "(new)", "it can hold text in UTF-8 only: %s", line)
end

--- create(path, header) -> journal; `path` nil: in the folder of journals. nil, err (kind
-- `refused`): it exists, or cannot be created. header: name, action and the fields of provenance.
function M.create(path, header)
  local line, problem = encoded_header(path, header)
  if not line then return nil, problem end
  local log, message, code
  if path then
    log, message, code = create_log(path)
  else
    path, log, message, code = create_unnamed(header.name)
    if not path then return nil, log end
  end
  if not log then return places.failure(path, message, code) end
  local self = new(path, log, ledgers.new(path, header))
  buffer_line(self, line)
  local ok, err = self:flush()
  if ok then return self end
  log:close()
  return M.refused(path, "%s", err.message)
end

local function unkept(ledger)
  local scratch, err = scratches.new()
  if not scratch then return nil, err end
  ledger.scratch = scratch
  return setmetatable({ ledger = ledger, lines = {}, at = 0 }, metatable)
end

--- unkept(header, path) -> a journal without a file, for `journal = false` (path: false) or a dry
-- run; or nil, err. In a dry run, `refusal` is the error that create(path, header) would return.
function M.unkept(header, path)
  local self, err = unkept(ledgers.new(nil, header))
  if self and path ~= false then self.refusal = M.problem(path) end
  return self, err
end

--- resume(path) -> an existing journal to write on, with its content in `ledger`; nil, err: kind
-- `refused` if another process has it, `journal` if it is not a journal or damaged.
function M.resume(path)
  local log, message, code = core.log_open(path)
  if not log then return places.failure(path, message, code) end
  local ledger, err = ledgers.read(path)
  if not ledger then
    log:close()
    return nil, err
  end
  local self = new(path, log, ledger)
  self.torn, self.at = self.at > ledger.length, ledger.length
  return self
end

--- rehearse(path) -> the same without writing to the file, for the dry run of a resume; or nil, err
-- as resume() returns it.
function M.rehearse(path)
  if M.is_busy(path) then return places.failure(path, nil, EWOULDBLOCK) end
  local ledger, err = ledgers.read(path)
  if not ledger then return nil, err end
  return unkept(ledger)
end

--- is_busy(path) -> whether another process is writing it. Does not change the file.
function M.is_busy(path) return core.log_busy(path) end

-- Writing ----------------------------------------------------------------------------------------

-- Appends a line, with its seal.
local function append(self, line)
  local ledger, own = self.ledger, json.encode(line)
  if ledger.hash then own, ledger.hash = seals.close(own, ledger.hash) end
  return buffer_line(self, own)
end

local function store_line(self, line)
  local scratch = self.ledger.scratch
  return scratch and scratch:add(line) or append(self, line)
end

-- Writes a full buffer. Returns true; or nil, err if the file cannot be written.
local function spill(self)
  if #self.lines < BUFFERED then return true end
  return self:write()
end

local function add(self, line)
  self.ledger:apply(line, store_line(self, line))
  return spill(self)
end

local function disk_failure(self, message)
  return errors.new { kind = "journal", message = ("journal %s: %s"):format(self.path, message) }
end

--- write() -> true once the system has all lines; or nil, err. After a failure it writes nothing
-- more, for lines behind a torn line could not be read.
function Journal:write()
  if self.failure then return nil, self.failure end
  if #self.lines == 0 then return true end
  local all = table.concat(self.lines, "\n") .. "\n"
  self.lines = {}
  local ok, message = true, nil
  if self.torn then ok, message = self.log:truncate(self.ledger.length) end
  self.torn = false
  if ok then ok, message = self.log:append(all) end
  if ok then return true end
  self.failure = disk_failure(self, message)
  return nil, self.failure
end

--- flush() -> true once all lines are durable; or nil, err (a full disk).
function Journal:flush()
  if not self.log then return true end
  local ok, err = self:write()
  if not ok then return nil, err end
  local synced, message = self.log:sync()
  if synced then return true end
  self.failure = disk_failure(self, message)
  return nil, self.failure
end

-- Appends the ids from the `from`-th on, as lines.
local function append_ids(self, from)
  local ids = self.ledger.ids
  for first = from, ids.count, IDS do
    local line = json.array()
    for i = first, math.min(first + IDS - 1, ids.count) do line[#line + 1] = ids:get(i) end
    append(self, { ids = line })
  end
end

-- Adds a line of this kind about input `index`. Changes `fields` into the line, and leaves out the
-- id if the list of ids has it.
local function add_input(self, kind, index, fields)
  fields[kind] = index
  if self.ledger.ids.count > 0 then fields.id = nil end
  self.ledger:apply_written(kind, fields, store_line(self, fields))
  return spill(self)
end

local function select(self, count)
  add(self, { selected = count })
  return self:flush()
end

--- select(ids) -> true. ids: every input, a codeocean.bulk.journal.id_list; or their number if they
-- have no ids yet. Durable when it returns; a resume selects again if the selection was cut.
function Journal:select(ids)
  if type(ids) == "number" then return select(self, ids) end
  self.ledger.ids = ids
  if self.log then append_ids(self, 1) end
  return select(self, ids.count)
end

-- The next rows, at most a thousand, whose ids the list does not have.
local function next_rows(ids, next_row, limit)
  local rows = {}
  while #rows < IDS and ids.count ~= limit do
    local row = next_row()
    if not row then break end
    if ids:add(row.id) then rows[#rows + 1] = row end
  end
  return rows
end

-- Appends these rows, whose ids are the last of the list.
local function append_given(self, rows)
  local before = self.ledger.ids.count - #rows
  if self.log then append_ids(self, before + 1) end
  for i, row in ipairs(rows) do
    local ok, err = add_input(self, "given", before + i, row)
    if not ok then return nil, err end
  end
  return true
end

--- select_given(next_row [, limit]) -> true. Every input with its change from a plan file, an undo
-- or a sheet. next_row() gives {id, name, patch or values}, nil behind the last; the first of two
-- rows for one id counts; at most `limit` ids. Durable when it returns; a resume selects again if
-- the selection was cut. Holds at most a thousand rows at a time.
function Journal:select_given(next_row, limit)
  local ids = self.ledger.ids
  repeat
    local rows = next_rows(ids, next_row, limit)
    local ok, err = append_given(self, rows)
    if not ok then return nil, err end
  until #rows < IDS
  return select(self, ids.count)
end

--- extend(): adds an input without an id, to a journal whose inputs come one by one. Buffered.
function Journal:extend() return add(self, { selected = self.ledger.count + 1 }) end

--- plan(i, fields): adds the planned change of input i.
function Journal:plan(index, fields) return add_input(self, "plan", index, fields) end

--- confirm(count [, all]) -> true: the `count` plans so far were confirmed; with `all`, every
-- change that the run writes in one pass. Durable when it returns.
function Journal:confirm(count, all)
  add(self, { confirmed = count, all = all or nil })
  return self:flush()
end

--- refuse(count) -> true: `count` changes were declined; a resume plans and confirms them anew.
-- Durable when it returns.
function Journal:refuse(count)
  add(self, { refused = count })
  return self:flush()
end

--- intend(i, fields): adds the change that is about to be sent for input i.
function Journal:intend(index, fields) return add_input(self, "intent", index, fields) end

-- The fields of an error that the journal keeps. Its text has no secrets.
local function error_line(err)
  if not err then return nil end
  return { kind = err.kind, message = err.message, operation = err.operation, status = err.status,
    attempts = err.attempts, retry_after = err.retry_after, outcome = err.outcome,
    writes = err.writes }
end

--- add_outcome(i, fields): adds the outcome of input i: status, error and other facts.
function Journal:add_outcome(index, fields)
  fields.error = error_line(fields.error)
  return add_input(self, "outcome", index, fields)
end

--- mark(fields) -> true: adds a line about the whole run: resumed, undone. Durable when it returns.
function Journal:mark(fields)
  add(self, fields)
  return self:flush()
end

--- finish(counts, state) -> true; or nil, err. state: "done", "interrupted" or "refused".
function Journal:finish(counts, state)
  add(self, { ["end"] = counts, state = state })
  local ok, err = self:flush()
  self.ledger:open()
  self:close()
  return ok, err
end

--- close(): closes the file. Lines that were added since the last flush may be lost.
function Journal:close()
  if self.log then self.log:close() end
end

--- record(i) -> the record of input i, as ledger:record gives it.
function Journal:record(index)
  if #self.lines > 0 then self:write() end
  return self.ledger:record(index)
end

return M
