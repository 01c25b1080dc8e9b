--- The journals there are, what came of their runs, and how a run is named.
--
-- Used by `colua runs`, undo and resume. What must hold: files are only read.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local journal = require "codeocean.bulk.journal"
local reports = require "codeocean.bulk.report"
local text = require "codeocean.text"

local M = {}

local ENOENT = 2

local function state_of(path, ledger)
  if journal.is_busy(path) then return "running" end
  return ledger.undone and "undone" or ledger.ended or "interrupted"
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
  return origin and (origin.command and "colua " .. origin.command or origin.script) or nil
end

--- short(path) -> the name by which people call the run: the last part of its file's.
function M.short(path)
  local name = path:match("([^/]*)$"):gsub("%.jsonl$", "")
  return name:match("^%d+T%d+Z%-.*%-(%x+)$") or name
end

--- read(path) -> {path, run, name, action, deployment, program, user, note, started, state, counts,
-- total, shard}; or nil, err. state: done, interrupted, refused, undone or running.
function M.read(path)
  local ledger, err = journal.read(path)
  if not ledger then return nil, err end
  local header = ledger.header
  return {
    path = path, run = M.short(path), name = header.name, action = header.action,
    deployment = header.deployment, program = program_of(header), user = header.user,
    note = header.note, started = header.started, state = state_of(path, ledger),
    counts = counts_of(ledger), total = math.max(ledger.count, ledger.ids.count),
    shard = header.shard,
  }
end

-- Naming -----------------------------------------------------------------------------------------

-- Paths of the journals in a folder, the newest first; a folder that is not there has none.
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

--- list([folder]) -> runs, the newest first, and errors of files that are no journals.
function M.list(folder)
  local paths, problem = paths_in(folder or journal.folder())
  local runs, errs = {}, { problem }
  for _, path in ipairs(paths) do
    local run, err = M.read(path)
    if run then runs[#runs + 1] = run else errs[#errs + 1] = err end
  end
  return runs, errs
end

local function refusal(form, ...)
  return nil, errors.new { kind = "refused", outcome = "not_sent", message = form:format(...) }
end

-- The newest run that was not refused.
local function newest(paths)
  for _, path in ipairs(paths) do
    local run = M.read(path)
    if run and run.state ~= "refused" then return path end
  end
  return refusal("there is no run yet in %s", journal.folder() or "the state folder")
end

--- find(name) -> path of a run's journal: `name` is a path, the short name of a run in the state
-- folder (or its beginning), or "last". Or nil, err.
function M.find(name)
  if name ~= "last" and (name:find "/" or core.absolute(name)) then return name end
  local paths, found = paths_in(journal.folder()), {}
  if name == "last" then return newest(paths) end
  for _, path in ipairs(paths) do
    if M.short(path):sub(1, #name) == name then found[#found + 1] = path end
  end
  if #found == 1 then return found[1] end
  if #found == 0 then return name end
  return refusal("%d runs are called '%s…'; colua runs lists them", #found, text.escape(name))
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
