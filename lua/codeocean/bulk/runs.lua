--- Listing journals: the results of their runs, and the names of runs.
--
-- Used by `colua runs`, undo and resume. What must hold: files are only read.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local last_lines = require "codeocean.bulk.journal.last_lines"
local journal = require "codeocean.bulk.journal"
local ledgers = require "codeocean.bulk.journal.ledger"
local regular_file = require "codeocean.input.regular_file"
local reports = require "codeocean.bulk.report"
local text = require "codeocean.text"

local M = {}

local refused = errors.refused

local ENOENT = 2

local function state_of(path, ledger)
  if journal.is_busy(path) then return "running" end
  if ledger.undone then return "undone" end
  return ledger.ended or ledgers.is_begun(ledger) and "interrupted" or "not begun"
end

local function counts_of(ledger)
  if ledger.ended and ledger.counts then return ledger.counts end
  local counts = {}
  for status, n in pairs(reports.counts(ledger)) do
    if n > 0 then counts[status] = n end
  end
  return counts
end

local function program_of(header)
  local origin = header.origin
  local name = origin and (origin.command and "colua " .. tostring(origin.command) or origin.script)
  return name and tostring(name) or nil
end

--- short(path) -> the run's short name: the last part of its file's name.
function M.short(path)
  local name = path:match("([^/]*)$"):gsub("%.jsonl$", "")
  return name:match("^%d+T%d+Z%-.*%-(%x+)$") or name
end

-- Program and arguments, quoted for a shell.
local function command_of(header)
  local program = program_of(header)
  if not program then return nil end
  local words, arguments = { program }, header.origin.arguments
  for i, word in ipairs(type(arguments) == "table" and arguments or {}) do
    words[i + 1] = text.quoted(tostring(word))
  end
  return table.concat(words, " ")
end

local function run_of_header(path, header)
  return {
    path = path, run = M.short(path), name = header.name, action = header.action,
    deployment = header.deployment, estate = header.estate, profile = header.profile,
    program = program_of(header), user = header.user, note = header.note,
    started = header.started, shard = header.shard,
  }
end

-- The run of a journal that was read.
local function run_of(path, ledger)
  local run = run_of_header(path, ledger.header)
  run.state, run.counts = state_of(path, ledger), counts_of(ledger)
  run.total = math.max(ledger.count, ledger.ids.count)
  return run
end

--- read_header(path) -> as read(), without state, counts and total; or nil, err. Reads the first
-- line only, so a long journal takes no longer.
function M.read_header(path)
  local header, err = ledgers.read_header_at(path)
  if not header then return nil, err end
  return run_of_header(path, header)
end

--- read(path) -> {path, run, name, action, deployment, estate, profile, program, user, note,
-- started, state, counts, total, shard}; or nil, err. state: done, interrupted, refused, undone,
-- running, or "not begun" of a run that was interrupted before its ids were written down.
function M.read(path)
  local ledger, err = journal.read(path)
  if not ledger then return nil, err end
  return run_of(path, ledger)
end

--- show(path) -> the same with host, folder, command (program and arguments), undone (by which
-- journal) and dates ({key = true}: keys of metadata that are dates), and the records of all
-- inputs, as a report has them; or nil, err.
function M.show(path)
  local ledger, err = journal.read(path)
  if not ledger then return nil, err end
  local run, header = run_of(path, ledger), ledger.header
  run.host, run.folder, run.command = header.host, header.folder, command_of(header)
  run.undone, run.dates = ledger.undone, header.dates
  local source = { ledger = ledger, record = function(_, index) return ledger:record(index) end }
  return run, reports.records(source)
end

-- Naming -----------------------------------------------------------------------------------------

-- Paths of the journals in a folder, the newest first; a folder that is not there has none. If the
-- folder cannot be read: {}, err.
local function paths_in(folder)
  local names, message, code = core.list_folder(folder or "")
  if not names and code ~= ENOENT then
    return {}, errors.new { kind = "journal",
      message = ("%s: %s"):format(text.escape(folder), message) }
  end
  local paths = {}
  for _, name in ipairs(names or {}) do
    if name:find("%.jsonl$") then paths[#paths + 1] = folder .. "/" .. name end
  end
  table.sort(paths, function(a, b) return a > b end)
  return paths
end

--- paths() -> the paths of the journals in the state folder, the newest first.
function M.paths() return (paths_in(journal.folder())) end

--- list([folder]) -> runs, the newest first, and errors of files that are not journals.
function M.list(folder)
  local paths, problem = paths_in(folder or journal.folder())
  local runs, errs = {}, { problem }
  for _, path in ipairs(paths) do
    local run, err = M.read(path)
    if run then runs[#runs + 1] = run else errs[#errs + 1] = err end
  end
  return runs, errs
end

local function has_any(ledger, statuses)
  local counts = counts_of(ledger)
  for _, status in ipairs(statuses) do
    if (counts[status] or 0) > 0 then return true end
  end
  return false
end

-- Whether a run may have written something.
local function wrote(ledger) return has_any(ledger, { "ok", "conflict", "unknown" }) end

local function is_undo(ledger)
  local options = ledger.header.options
  return options and options.patches and options.patches.undoes and true or false
end

local function has_left(ledger) return has_any(ledger, { "failed", "unknown", "pending" }) end

-- The last run, by purpose: the newest for which `fits` is true. If `stops` is true for the newest
-- run of all, no older one is searched for. Both get a ledger; for a run that ended, only the part
-- that codeocean.bulk.journal.last_lines reads from the last lines.
local LAST = {
  undo = {
    none = "no run in %s wrote something that is not undone",
    fits = function(ledger) return not ledger.undone and not is_undo(ledger) and wrote(ledger) end,
    stops = function(ledger)
      if not is_undo(ledger) or ledger.ended == "refused" then return false end
      return ledger.ended ~= "done" and wrote(ledger) or ledger.ended and has_left(ledger)
    end,
    stopped = "the last run, %s, is an undo that was interrupted or failed in part: colua resume "
      .. "last goes on",
  },
  resume = {
    none = "no run in %s is left to resume",
    fits = function(ledger)
      local left = ledger.ended ~= "done" or has_left(ledger)
      return left and not ledger.undone and ledger.ended ~= "refused" and ledgers.is_begun(ledger)
    end,
    stops = function(ledger) return ledger.ended == "refused" end,
    stopped = "the last run, %s, was refused and wrote nothing: run it again, or name the run to "
      .. "resume (colua runs lists them)",
  },
  list = {
    none = "there is no run yet in %s",
    fits = function(ledger) return ledger.ended ~= "refused" end,
    stops = function() return false end,
  },
}

local function newest(paths, purpose)
  local last = LAST[purpose]
  for i, path in ipairs(paths) do
    local ledger = last_lines.read(path) or journal.read(path)
    if ledger and i == 1 and last.stops(ledger) then
      return nil, refused(last.stopped, text.escape(M.short(path)))
    elseif ledger and last.fits(ledger) then
      return path
    end
  end
  return nil, refused(last.none, text.escape(journal.folder() or "the state folder"))
end

-- A path, if the file exists. Whether it can be read is checked by its reader.
local function of_file(path)
  local file <close>, _, code = regular_file.open(path)
  if file or code ~= ENOENT then return path end
  return nil, errors.new { kind = "missing", outcome = "not_sent",
    message = ("no run and no file is called '%s'; colua runs lists the runs"):format(
      text.escape(path)) }
end

-- The fewest digits of a short name that name its run: "1" may be meant as a number of runs, and ""
-- is an unset variable.
local SHORTEST = 4

local function is_called(path, name)
  local short = M.short(path)
  return short == name or #name >= SHORTEST and short:sub(1, #name) == name
end

--- find(name [, purpose]) -> path of a run's journal: `name` is a path, the short name of a run in
-- the state folder (or its first four digits or more), or "last". Or nil, err: kind `missing` if
-- there is none of that name. "last" depends on the purpose. "undo": the newest run that wrote
-- something, was not undone and is not an undo; none if the newest of all is an undo that was
-- interrupted or failed in part. "resume": the newest run that is begun, was not undone or refused,
-- and is not done or left inputs failed, unknown or pending; none if the newest of all was refused.
-- Any other: the newest that was not refused.
function M.find(name, purpose)
  if name == "last" then return newest(paths_in(journal.folder()), purpose or "list") end
  if name:find "/" or core.absolute(name) then return of_file(name) end
  local paths, found = paths_in(journal.folder()), {}
  for _, path in ipairs(paths) do
    if is_called(path, name) then found[#found + 1] = path end
  end
  if #found == 1 then return found[1] end
  if #found == 0 then return of_file(name) end
  return nil, refused("%d runs are called '%s…'; colua runs lists them", #found, text.escape(name))
end

-- Sums -------------------------------------------------------------------------------------------

--- merge(list) -> {runs, total, counts, states} over runs as read() gives them: the shards of one
-- job.
function M.merge(list)
  local merged = { runs = #list, total = 0, counts = {}, states = {} }
  for _, run in ipairs(list) do
    merged.total = merged.total + run.total
    merged.states[run.state] = (merged.states[run.state] or 0) + 1
    for status, n in pairs(run.counts) do
      merged.counts[status] = (merged.counts[status] or 0) + n
    end
  end
  return merged
end

return M
