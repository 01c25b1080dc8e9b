--- The report of a run: counts, and one record for each input, read from the journal on access.
-- Used by codeocean.bulk.

local passes = require "codeocean.bulk.passes"

local M = {}

--- The statuses of an input, in the order of a report. `pending` was not done: a dry run, a refused
-- confirmation, a run that stopped.
M.STATUSES = { "ok", "unchanged", "skipped", "missing", "drift", "conflict", "failed", "unknown",
  "pending" }

-- The status of an input without an outcome.
local OPEN = { given = "pending", planned = "pending", agreed = "pending", open = "unknown" }

local function status_at(ledger, index)
  local state = ledger.states[index] or "pending"
  return OPEN[state] or state
end

--- counts(ledger) -> {status = n}, every status; they sum to the inputs.
function M.counts(ledger)
  local counts = {}
  for _, status in ipairs(M.STATUSES) do counts[status] = 0 end
  for index = 1, ledger.count do
    local status = status_at(ledger, index)
    counts[status] = counts[status] + 1
  end
  return counts
end

local function record(journal, index)
  local item = journal:record(index)
  item.status = status_at(journal.ledger, index)
  return passes.public(item)
end

--- records(journal, indexes) -> a list, for # and ipairs, of the records of these inputs (nil: of
-- all). A record is read again each time.
function M.records(journal, indexes)
  local function at(_, i)
    local index = indexes and indexes[i] or not indexes and i
    local there = math.type(index) == "integer" and index >= 1 and index <= journal.ledger.count
    return there and record(journal, index) or nil
  end
  return setmetatable({}, { __name = "codeocean.bulk.records", __index = at,
    __len = function() return indexes and #indexes or journal.ledger.count end,
    __pairs = function(self) return ipairs(self) end })
end

--- size(journal, indexes) -> bytes of their assets; a float where they exceed the integers.
function M.size(journal, indexes)
  local sum = 0
  for _, index in ipairs(indexes) do
    local size = journal:record(index).size
    if math.type(size) ~= "integer" then size = 0 end
    local exact = math.type(sum) == "integer" and size <= math.maxinteger - sum
    sum = exact and sum + size or sum + 0.0 + size
  end
  return sum
end

return M
