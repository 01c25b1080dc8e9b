--- Writing journals: each write of a run, durable before it is sent, and its outcome.
--
-- A run creates its journal before anything else, or resumes one. codeocean.bulk.journal.ledger
-- reads journals, and describes their lines. Used by bulk runs, by creates and by the session, in
-- this order:
--
--   journal = new()                           it has no file yet; close() it, whatever happens
--   journal:create(path or nil, header)       a new file, 0600; refuses one that exists; or
--   journal:resume(path)                      an existing one
--   journal:select(ids)                       every input, durable when it returns; or
--   journal:select_given(rows)                the same, with the patch or values of each
--   journal:extend()                          or one more input, when it comes; buffered
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
-- journal, then reads the file that it locked; the next write cuts off a torn last line, and
-- nothing else. The journal is in a variable of its owner before it has a file, so that the owner
-- can close the file after an error at any point, also Ctrl-C in a session.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local json = require "codeocean.json"
local ledgers = require "codeocean.bulk.journal.ledger"
local object = require "codeocean.object"
local folder = require "codeocean.bulk.journal.folder"
local scratches = require "codeocean.bulk.journal.scratch"
local seals = require "codeocean.bulk.journal.seal"

local M = {}

local EEXIST = 17
local IDS = 1000      -- ids a line
local BUFFERED = 1000 -- lines kept in memory before they are written

local Journal, metatable = object.class "codeocean.bulk.journal"

M.read = ledgers.read

--- refused, problem, folder, make_folder: refused, problem, path and make of
-- codeocean.bulk.journal.folder.
M.refused, M.problem = folder.refused, folder.problem
M.folder, M.make_folder = folder.path, folder.make

--- new() -> a journal without a file, to be closed.
function M.new()
  return setmetatable({ log = core.journal_file(), lines = {}, at = 0 }, metatable)
end

-- Creating and resuming --------------------------------------------------------------------------

-- Gives the log a new file. An empty private file may be used: a process that was killed before its
-- first line left it. Returns true; or nil, message, errno.
local function create_file(log, path)
  local ok, message, code = log:create(path)
  if code ~= EEXIST then return ok, message, code end
  if log:open(path) then
    if log:fresh() then return true end
    log:close()
  end
  return nil, message, code
end

-- The same under a new name in the folder of journals; another name if two runs begin at one time.
-- Returns the path and what create_file gives; or nil, err.
local function create_unnamed(log, name)
  local path, problem, ok, message, code
  repeat
    path, problem = folder.new_path(name)
    if not path then return nil, problem end
    ok, message, code = create_file(log, path)
  until ok or code ~= EEXIST
  return path, ok, message, code
end

-- Keeps the journal in the file of its log; `ledger` has the lines of that file. Records are read
-- from it even if somebody moves, removes or replaces it later. Returns true; or nil, err.
local function use_file(self, path, ledger)
  self.path, self.ledger = path, ledger
  self.at = self.log:size() or 0
  return ledger:open(self.log)
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

-- Closes the journal; returns nil and the error.
local function closed(self, err)
  self:close()
  return nil, err
end

--- create(path, header) -> journal; `path` nil: in the folder of journals. nil, err (kind
-- `refused`): it exists, or cannot be created. header: name, action and the fields of provenance.
function Journal:create(path, header)
  local line, problem = encoded_header(path, header)
  if not line then return nil, problem end
  local ok, message, code
  if path then
    ok, message, code = create_file(self.log, path)
  else
    path, ok, message, code = create_unnamed(self.log, header.name)
    if not path then return nil, ok end
  end
  if not ok then return folder.failure(path, message, code) end
  local err
  ok, err = use_file(self, path, ledgers.new(path, header))
  if not ok then return closed(self, err) end
  buffer_line(self, line)
  ok, err = self:flush()
  if ok then return self end
  return closed(self, errors.refused("%s; --journal names another file (journal = path)",
    err.message))
end

-- The journal with this ledger, whose new lines go to a scratch file only; or nil, err.
local function unkept(self, ledger)
  local err
  self.ledger = ledger
  ledger.scratch, err = scratches.new()
  return ledger.scratch and self, err
end

--- keep_none(header, path) -> the journal, which gets no file, for `journal = false` (path: false)
-- or a dry run; or nil, err. In a dry run, `refusal` is the error that create(path, header) would
-- return.
function Journal:keep_none(header, path)
  if path ~= false then self.refusal = M.problem(path) end
  return unkept(self, ledgers.new(nil, header))
end

-- Locks an existing journal. Returns true; or nil, err: why it cannot be read, else why not locked.
local function lock(self, path)
  local ok, message, code = self.log:open(path)
  if ok then return true end
  local _, unreadable = ledgers.read_header_at(path)
  if unreadable then return nil, unreadable end
  return folder.unwritable(path, message, code)
end

--- resume(path) -> the journal, which writes on in an existing file, with its content in `ledger`;
-- nil, err: kind `refused` if another process has the file, it cannot be written, or another file
-- took its place meanwhile; `journal` if it is not a journal or damaged.
function Journal:resume(path)
  local ok, err = lock(self, path)
  if not ok then return nil, err end
  local ledger
  ledger, err = ledgers.read(path, self.log)
  if not ledger then return closed(self, err) end
  ok, err = use_file(self, path, ledger)
  if not ok then return closed(self, err) end
  self.torn, self.at = self.at > ledger.length, ledger.length
  return self
end

--- rehearse(path) -> the same for a dry run, which writes nothing to the file; or nil, err as
-- resume() returns it. The file is locked for a moment only.
function Journal:rehearse(path)
  local ok, err = lock(self, path)
  self.log:close()
  if not ok then return nil, err end
  local ledger
  ledger, err = ledgers.read(path)
  if not ledger then return nil, err end
  return unkept(self, ledger)
end

--- is_busy(path) -> whether another process is writing it. Does not change the file.
function M.is_busy(path) return core.journal_file_busy(path) end

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
  if self.ledger.scratch then return true end
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
-- have no ids yet. Durable when it returns; a resume selects again if the selection was
-- interrupted.
function Journal:select(ids)
  if type(ids) == "number" then return select(self, ids) end
  self.ledger.ids = ids
  if not self.ledger.scratch then append_ids(self, 1) end
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
  if not self.ledger.scratch then append_ids(self, before + 1) end
  for i, row in ipairs(rows) do
    local ok, err = add_input(self, "given", before + i, row)
    if not ok then return nil, err end
  end
  return true
end

--- select_given(next_row [, limit]) -> true. Every input with its change from a plan file, an undo
-- or a sheet. next_row() gives {id, name, patch or values}, nil behind the last; the first of two
-- rows for one id counts; at most `limit` ids. Durable when it returns; a resume selects again if
-- the selection was interrupted. Holds at most a thousand rows at a time.
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

--- refuse(count) -> true: `count` changes were declined; a resume plans and confirms them again.
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
  self:close()
  return ok, err
end

--- close(): closes the file and ends its lock. Lines that were added since the last flush may be
-- lost. record() still works.
function Journal:close() self.log:close() end

--- drop(): the same; record() must not be called after it.
function Journal:drop()
  self:close()
  if self.ledger then self.ledger:close() end
end

metatable.__close = Journal.drop

--- record(i) -> the record of input i, as ledger:record gives it.
function Journal:record(index)
  if #self.lines > 0 then self:write() end
  return self.ledger:record(index)
end

return M
