-- Plays histories: colua spec/simulate/run.lua SEEDS FIRST, or with one line that a run printed.
-- Prints how many, and the first that fails, minimised. A seed is a history, replayed exactly.

local history = require "history"
local minimise = require "minimise"

local function play_line(line)
  local result = history.play(minimise.read(line))
  print(result.problem or "every invariant holds")
  os.exit(result.problem and 1 or 0)
end

if #arg == 1 then play_line(arg[1]) end

local count, first = math.tointeger(tonumber(arg[1])), math.tointeger(tonumber(arg[2]))
local SUMS = { "events", "faults", "races" }

local happened = {} -- by name: how often, and in how many histories

local function add_happened(counts)
  for name, n in pairs(counts) do
    happened[name] = happened[name] or { times = 0, histories = 0 }
    happened[name].times = happened[name].times + n
    happened[name].histories = happened[name].histories + 1
  end
end

local function print_happened()
  local names = {}
  for name in pairs(happened) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    print(("  %9d times in %7d histories: %s"):format(happened[name].times,
      happened[name].histories, name))
  end
end

local began, sums, failed, shown = os.clock(), {}, 0, nil
for seed = first, first + count - 1 do
  local result = history.play(seed)
  for _, name in ipairs(SUMS) do sums[name] = (sums[name] or 0) + result[name] end
  add_happened(result.happened)
  if result.problem then
    failed, shown = failed + 1, shown or seed
    print(("seed %d: %s"):format(seed, result.problem))
    if os.getenv "FIRST_ONLY" then os.exit(1) end
  end
end

if shown then
  local only = minimise.minimise(shown)
  print(('make simulate HISTORY="%s"'):format(minimise.write(shown, only)))
  print("  " .. history.play(shown, only).problem)
end
local seconds = os.clock() - began
print(("%d histories, %d events, %d faults, %.0f s of one core: %.0f an hour"):format(count,
  sums.events, sums.faults, seconds, count * 3600 / seconds))
print(("%d writes met another's in the one round trip that is left"):format(sums.races))
print_happened()
print(("%d passed, %d failed"):format(count - failed, failed))
os.exit(failed == 0 and 0 or 1)
