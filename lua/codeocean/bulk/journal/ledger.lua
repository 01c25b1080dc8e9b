--- Reading journals: the lines are read once into a small index, records again on demand.
--
-- Read-only. Used by resume, undo and `colua runs`, by the journal that a run is writing, and by
-- reports, which may be too large for memory. A journal is JSON lines:
--
--   {"journal": 3, "name": …, "action": …, "seal": …}      header: codeocean.bulk.provenance
--   {"ids": [ … ]}                                 every input, before the first is read
--   {"given": i, "name", "patch"}                  change of input i from a plan file or an undo;
--                                                  or "values", from a row of a sheet
--   {"selected": n}                                all inputs, and their given changes, are above
--   {"plan": i, "name", "size", "patch"}           planned change of input i (bulk.plan.patch)
--   {"confirmed": n}                               the n plans so far were confirmed; with "all",
--                                                  every change that the run writes in one pass
--   {"refused": n}                                 n changes were declined; a resume asks again
--   {"intent": i, "name", "patch"}                 about to be sent; a deletion has the "asset"
--   {"outcome": i, "status", "error"}              "pending": the intent was not sent
--   {"resumed": time, "forced": true}              "forced": though the script may have changed
--   {"undone": path}                               the journal of the undo
--   {"end": {"ok": …}, "state": "done" | "interrupted" | "refused"}
--
-- Each line has a further field, `seal` (codeocean.bulk.journal.seal): a journal that was edited by
-- hand is refused. Lines about an input have an "id" only if no ids are listed: in journals of
-- creates, and in older ones. A line that a crash cut at the end of the file is left out; a damaged
-- line before it is an error. Older formats are read too: 2 has a seal in the header alone; 1 has
-- none, and the fields before and after in place of patches.
--
-- states[i] is the state of input i: nil, "given", "planned", "agreed" (planned and confirmed),
-- "open" (an intent without an outcome), or the status of its outcome. A million inputs take
-- 33 MiB.

local errors = require "codeocean.error"
local json = require "codeocean.json"
local lines = require "codeocean.bulk.journal.lines"
local object = require "codeocean.object"
local patches = require "codeocean.bulk.plan.patch"
local regular_file = require "codeocean.input.regular_file"
local seals = require "codeocean.bulk.journal.seal"
local text = require "codeocean.text"

local M = {}

M.FORMAT = 3

local Ledger, metatable = object.class "codeocean.bulk.journal.ledger"

local function failure(path, message, kind)
  return nil, errors.new { kind = kind or "journal", outcome = "not_sent",
    message = ("journal %s: %s"):format(text.escape(path), message) }
end

--- sealed(header): gives the header its format and its seal.
function M.sealed(header)
  header.journal = M.FORMAT
  header.seal = seals.of_header(header)
  return header
end

-- The hash before the first line behind the header; nil for a format whose lines have no seals.
local function begin_hash(header)
  local format = header and header.journal
  return format and format > 2 and seals.begin(header) or nil
end

--- new(path, header) -> the ledger of a new journal. A journal without a path has its lines in
-- `scratch` (codeocean.bulk.journal.scratch), at places below 0.
function M.new(path, header)
  local self = setmetatable({ path = path, header = header, count = 0, length = 0, undos = {},
    hash = begin_hash(header) }, metatable)
  lines.begin(self)
  return self
end

--- is_ending(counts, state) -> whether they are the counts and the state of a last line.
M.is_ending = lines.is_ending

--- apply(line, at) -> true once the line at byte `at` is in the index; false if it is damaged.
Ledger.apply = lines.apply

--- apply_written(kind, line, at): the same, without checks, for a line about an input that this run
-- has just written.
Ledger.apply_written = lines.apply_written

-- Reading ----------------------------------------------------------------------------------------

local HEADER = { name = "string", action = "string", deployment = "string", estate = "string",
  profile = "string", origin = "table", selection = "table", change = "table", options = "table",
  inputs = "table", shard = "table", note = "string", position = "number", folder = "string",
  user = "string", host = "string", started = "number", dates = "table" }
local ACTIONS = { update = true, archive = true, unarchive = true, delete = true, create = true }

-- Why the header is refused, or nil. `unreadable`: why the header is not JSON.
local function problem_of_header(header, unreadable)
  local format = type(header) == "table" and header.journal
  if math.type(format) ~= "integer" or format < 1 then
    return "it is not a journal of a bulk run" .. text.because(unreadable)
  end
  if format > M.FORMAT then
    return ("it is of format %d, which a newer colua wrote; this one reads up to %d"):format(format,
      M.FORMAT)
  end
  for name, kind in pairs(HEADER) do
    if header[name] ~= nil and type(header[name]) ~= kind then
      return ("its header is damaged (%s)"):format(name)
    end
  end
  if header.action and not ACTIONS[header.action] then return "its header is damaged (action)" end
end

-- Whether the line is as it was written, and at its place.
local function check_seal(self, line)
  if not self.hash then return true end
  self.hash = seals.open(line, self.hash)
  return self.hash ~= nil
end

-- The value of a line; or nil and the reason. A line without a seal must be UTF-8; with a seal, the
-- seal shows whether the line was changed.
local function decode(self, line)
  local is_text = self.hash or utf8.len(line)
  return json.decode(is_text and line or "")
end

-- Reads the lines into the index. Returns nil; or the problem and the kind of the error.
local function read_lines(self, file)
  local number = 1
  for line in file:lines("L") do
    number = number + 1
    if line:sub(-1) ~= "\n" then break end
    local value, reason = decode(self, line)
    if type(value) ~= "table" then
      return ("line %d is damaged%s"):format(number, text.because(reason))
    end
    if not check_seal(self, line:sub(1, -2)) then
      return ("line %d was edited, or lines before it were taken out: nothing is written by it; "
        .. "run the command again"):format(number), "refused"
    end
    if not self:apply(value, self.length) then return ("line %d is damaged"):format(number) end
    self.length = self.length + #line
  end
end

--- read_header(path, file) -> the header, and the number of bytes of its line; or nil, err as
-- read() gives it. file: open, at its beginning.
function M.read_header(path, file)
  local first, unreadable = file:read("L")
  if unreadable then return failure(path, unreadable) end
  if not first then
    return failure(path, "it is empty: a run that was killed before it wrote anything left it. "
      .. "Nothing was sent, and it may be deleted")
  end
  local header, reason = json.decode(utf8.len(first) and first or "", true)
  local problem = problem_of_header(header, reason)
  if problem then return failure(path, problem) end
  if first:sub(-1) ~= "\n" then
    return failure(path, "the run was interrupted while its header was written: nothing was "
      .. "sent; run it again")
  end
  if header.journal > 1 and header.seal ~= seals.of_header(header) then
    return failure(path, "its header was edited: nothing is written by it; run the command "
      .. "again", "refused")
  end
  return header, #first
end

-- The file, open for reading; with a `log`, only if it is the file that the log has locked.
local function open(path, log)
  local file, message = regular_file.open(path)
  if not file then return failure(path, text.escape(message:gsub("^.-: ", ""))) end
  if not log or log:is_of(file) then return file end
  file:close()
  return failure(path, "another file has taken its place just now: nothing was sent", "refused")
end

--- read_header_at(path) -> the header of the journal at `path`, without its lines; or nil, err as
-- read() gives it.
function M.read_header_at(path)
  local file <close>, unreadable = open(path)
  if not file then return nil, unreadable end
  local header, err = M.read_header(path, file)
  if not header then return nil, err end
  return header
end

local function read_from(path, file)
  local header, length = M.read_header(path, file)
  if not header then return nil, length end
  local self = M.new(path, header)
  self.length = length
  local unfit, kind = read_lines(self, file)
  if unfit then return failure(path, unfit, kind) end
  return self
end

--- read(path [, log]) -> ledger, whole or as far as it was written: header, ids (a list of
-- codeocean.bulk.journal.id_list), count (of the inputs), selected, confirmed, states by input,
-- ended, counts, archives (a patch archives or unarchives), forced (the last resumption was),
-- undone (path of the last undo), undos (list of {path, at = byte of the line}), length (bytes of
-- its whole lines); or nil, err in one line: kind `journal`, or `refused` if it was edited. Does
-- not change the file. log: the log that has locked it; any other file of that name is refused.
function M.read(path, log)
  local file <close>, unreadable = open(path, log)
  if not file then return nil, unreadable end
  local ledger, err = read_from(path, file)
  if not ledger then return nil, err end
  return ledger
end

--- is_begun(ledger) -> whether the journal has what a resume needs: the end of the run, its inputs,
-- or the search that finds them; for creates, all requests. Nothing is sent before that.
function M.is_begun(ledger)
  if ledger.ended then return true end
  local header = ledger.header
  if header.action == "create" then return ledger.confirmed ~= nil end
  return (ledger.selected or (header.selection or {}).select) and true or false
end

-- Records ----------------------------------------------------------------------------------------

-- Reads a line again. Only the values of a sheet have nulls, for cells to be cleared.
local function line_at(self, at)
  if not at then return {} end
  if at < 0 then return self.scratch:line(at) end
  self.file = self.file or assert(open(self.path))
  self.file:seek("set", at)
  return json.decode(self.file:read("L") or "", self.header.journal > 2) or {}
end

local ARCHIVED = { archive = true, unarchive = false }

-- The patch of a line of format 1, which had the fields before and after. A run that archives or
-- unarchives wrote neither, and sent each request in any case.
local function patch_of_old(line, action)
  local archived = ARCHIVED[action]
  if archived ~= nil and line.intent then
    return { archived = { before = not archived, after = archived } }
  end
  if line.after == nil then return nil, line.before end
  return patches.of(line.before or {}, line.after, { replace_metadata = true })
end

local function error_of(line, status, id)
  local err = line.error
  if type(err) == "string" then err = { kind = status, message = err } end
  if type(err) ~= "table" then return nil end
  local own = { id = id }
  for name, value in pairs(err) do own[name] = value end
  return errors.new(own)
end

-- Whether the line of the outcome says no more than the record has. (The outcome of a create has
-- the id.)
local function has_all(record)
  return record.status == "ok" and record.patch ~= nil and record.id ~= nil
end

--- record(i) -> {index, id, name, size, status, patch, asset, how (a create came to its asset),
-- error, and what else the line of its change holds}.
function Ledger:record(index)
  local record = {}
  for name, value in pairs(line_at(self, self.changes[index])) do record[name] = value end
  if self.header.journal == 1 then
    record.patch, record.asset = patch_of_old(record, self.header.action)
  end
  record.index, record.id = index, self.ids:get(index) or record.id
  record.status, record.seal = self.states[index] or "pending", nil
  local ending = has_all(record) and {} or line_at(self, self.outcomes[index])
  record.id, record.name = record.id or ending.id, ending.name or record.name
  record.how = ending.how
  local has_ended = lines.STATUSES[record.status]
  record.error = has_ended and error_of(ending, record.status, record.id) or nil
  return record
end

--- open(log) -> true once the file that the log has locked is open: records can be read even if it
-- is moved, removed or replaced. Or nil, err.
function Ledger:open(log)
  local err
  self.file, err = open(self.path, log)
  return self.file ~= nil, err
end

--- close(): closes the file. record() opens it again.
function Ledger:close()
  if self.file then self.file:close() end
  if self.scratch then self.scratch:close() end
  self.file = nil
end

return M
