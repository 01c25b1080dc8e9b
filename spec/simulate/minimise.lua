--- Finds the smallest part of a history that fails in the same way, and the line that replays it.
--
-- A line is a seed and what is kept of its plan: "4711 actors=1,3 storm=slow faults=2,9". Actors
-- are numbered as the plan has them, faults in the order in which they happen.

local history = require "history"

local M = {}

local function names_of(set)
  local names = {}
  for name in pairs(set) do names[#names + 1] = name end
  table.sort(names)
  return names
end

local function set_of(names)
  local set = {}
  for _, name in ipairs(names) do set[name] = true end
  return set
end

-- Lines -------------------------------------------------------------------------------------------

local PARTS = { "actors", "storm", "faults" }

--- write(seed, only) -> line.
function M.write(seed, only)
  local words = { tostring(seed) }
  for _, part in ipairs(PARTS) do
    local names = only[part] and names_of(only[part])
    if names then words[#words + 1] = part .. "=" .. table.concat(names, ",") end
  end
  return table.concat(words, " ")
end

--- read(line) -> seed, only.
function M.read(line)
  local only = {}
  for part, list in line:gmatch "(%l+)=(%S*)" do
    local names = {}
    for name in list:gmatch "[^,]+" do
      names[#names + 1] = math.tointeger(tonumber(name)) or name
    end
    only[part] = set_of(names)
  end
  return math.tointeger(tonumber(line:match "^%d+")), only
end

-- Leaving out -------------------------------------------------------------------------------------

local function kind_of(result) return result.problem and result.problem:match "^%l+" end

local function without(set, names)
  local smaller = {}
  for name in pairs(set) do smaller[name] = true end
  for _, name in ipairs(names) do smaller[name] = nil end
  return smaller
end

-- Leaves out ever smaller pieces of one part, as long as it fails in the same way.
local function reduce(only, part, names, fails)
  only[part] = set_of(names)
  local size = #names
  while size >= 1 do
    local left = names_of(only[part])
    for from = 1, #left, size do
      local piece = table.move(left, from, math.min(from + size - 1, #left), 1, {})
      local whole = only[part]
      only[part] = without(whole, piece)
      if not fails(only) then only[part] = whole end
    end
    size = size // 2
  end
end

local function numbers(n)
  local list = {}
  for i = 1, n do list[i] = i end
  return list
end

--- minimise(seed) -> only: the least of that seed's history that fails in the same way.
function M.minimise(seed)
  local plan = history.plan(seed)
  local kind = kind_of(history.play(plan))
  local function fails(only) return kind_of(history.play(plan, only)) == kind end
  local only = {}
  reduce(only, "actors", numbers(#plan.actors), fails)
  reduce(only, "storm", names_of(plan.storm), fails)
  reduce(only, "faults", numbers(history.play(plan, only).faults), fails)
  return only
end

return M
