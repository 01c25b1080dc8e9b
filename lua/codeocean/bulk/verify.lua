--- Verifying a run: reads every written asset again, and repeats the writes that were lost.
--
-- The API has no version of an asset: a program that reads before our write and writes after it
-- puts the old values back. Such a write comes at most one round trip after ours. So a pass begins
-- a little after the writes; if it finds no lost write, it is the last. What must hold: a repair
-- writes only what the run wrote, by the same merge, with a new intent; a value that somebody
-- changed to something else is drift and stays.

local core = require "codeocean.core"
local errors = require "codeocean.error"
local passes = require "codeocean.bulk.passes"

local M = {}

local ROUNDS = 20
local PAUSE = 1 -- seconds between a write and the read that verifies it, at least
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

--- verify(run) -> the number of lost writes that were repaired; nil, err if some are lost every
-- time.
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
