--- The journals there are, and what came of their runs.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local journal = require "codeocean.bulk.journal"

local ENOENT = 2

local M = {}

local function state_of(path, state)
  if journal.is_busy(path) then return "running" end
  return state.ended or "interrupted"
end

local function count(counts, status)
  counts[status] = (counts[status] or 0) + 1
end

-- Of a run that never came to its end: what its lines tell.
local function counts_of(state)
  if state.ended then return state.counts end
  local counts = {}
  for index in ipairs(state.ids) do
    local outcome = state.outcomes[index]
    local open = state.intents[index] and "unknown" or "pending"
    count(counts, outcome and outcome.status or open)
  end
  return counts
end

--- read(path) -> {path, name, action, deployment, started, state, counts, total}; or nil, err.
-- state: done, interrupted or running.
function M.read(path)
  local state, err = journal.read(path)
  if not state then return nil, err end
  local header = state.header
  return {
    path = path, name = header.name, action = header.action, deployment = header.deployment,
    started = header.started, state = state_of(path, state), counts = counts_of(state),
    total = #state.ids, shard = header.shard,
  }
end

-- A folder that is not there yet has none.
local function names_in(folder, errs)
  if not folder then return {} end
  local names, message, code = core.list_folder(folder)
  if not names and code ~= ENOENT then
    errs[1] = errors.new { kind = "journal", message = ("%s: %s"):format(folder, message) }
  end
  return names or {}
end

--- list([folder]) -> runs, the newest first, and errors of files that are no journals.
function M.list(folder)
  folder = folder or journal.folder()
  local paths, runs, errs = {}, {}, {}
  for _, name in ipairs(names_in(folder, errs)) do
    if name:find("%.jsonl$") then paths[#paths + 1] = folder .. "/" .. name end
  end
  table.sort(paths, function(a, b) return a > b end)
  for _, path in ipairs(paths) do
    local run, err = M.read(path)
    if run then runs[#runs + 1] = run else errs[#errs + 1] = err end
  end
  return runs, errs
end

--- merge(list) -> {runs, total, counts, states} over runs as read() gives them: the shards of one
-- job.
function M.merge(list)
  local merged = { runs = #list, total = 0, counts = {}, states = {} }
  for _, run in ipairs(list) do
    merged.total = merged.total + run.total
    count(merged.states, run.state)
    for status, n in pairs(run.counts) do
      merged.counts[status] = (merged.counts[status] or 0) + n
    end
  end
  return merged
end

return M
