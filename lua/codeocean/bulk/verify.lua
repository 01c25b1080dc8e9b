--- Verifying a run: all that was written is read again, and what was lost is written again.
--
-- The API has no version of an asset, so one that reads before our write and writes after it puts
-- back what was there before. Such a writer is one round trip behind; a pass that begins a little
-- later and finds nothing lost is therefore the last. What must hold: only what the run wrote is
-- repaired, by the same merge, with an intent of its own; what somebody changed to something else
-- is drift and stays.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local passes = require "codeocean.bulk.passes"

local M = {}

local ROUNDS = 20
local PAUSE = 1 -- seconds between a write and the look at it, at least
local LATENCIES = 6

local function written(run)
  local indexes = core.column()
  for index = 1, run.ledger.count do
    if run.ledger.states[index] == "ok" and run.ledger.changes[index] then
      indexes[#indexes + 1] = index
    end
  end
  return indexes
end

local function pause(run)
  local slowest = run.client:stats().latency_p99 or 0
  run.client:sleep(math.max(PAUSE, LATENCIES * slowest))
end

--- verify(run) -> how many writes were lost and repaired; nil, err if some are lost every time.
function M.verify(run)
  if run.action == "delete" then return 0 end
  local indexes, repaired = written(run), 0
  for _ = 1, ROUNDS do
    if #indexes == 0 or run.rules:poll() then return repaired end
    pause(run)
    if run.archive then run.archive:refresh() end
    indexes = passes.repair(run, indexes)
    repaired = repaired + #indexes
  end
  return nil, errors.new { kind = "conflict", outcome = "unknown", message =
    ("%d writes are lost again and again: another program writes the same"):format(#indexes) }
end

return M
