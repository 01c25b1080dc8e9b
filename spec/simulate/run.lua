-- Plays histories: colua spec/simulate/run.lua [SEEDS [FIRST]]. Prints how many, and the first that
-- fails; a seed is a history, replayed exactly.

local history = require "history"

local count, first = tonumber(arg[1] or 1000), tonumber(arg[2] or 1)
local began, events, races, failed = os.time(), 0, 0, 0
for seed = first, first + count - 1 do
  local result = history.play(seed)
  events, races = events + result.events, races + result.races
  if result.problem then
    failed = failed + 1
    if failed <= tonumber(os.getenv "SHOW" or 5) then
      print(("seed %d: %s"):format(seed, result.problem))
    end
  end
end
print(("%d histories, %d events, %d races, %d s"):format(count, events, races, os.time() - began))
print(("%d passed, %d failed"):format(count - failed, failed))
os.exit(failed == 0 and 0 or 1)
