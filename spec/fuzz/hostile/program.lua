-- A random program over the public API, made from its number. api.lua has what it calls,
-- values.lua what it passes. The metamethods, finalizers and callbacks here close, collect, raise,
-- yield, change tables and call the API again.

local api = require "api"
local draws = require "draws"
local values = require "values"

local STEPS, FUEL, DEPTH = 10, 100, 4

local M = {}

local random = draws.new()
local one_in, pick = random.one_in, random.pick
local fuel, depth, logged

-- Allocates nothing, so that a program does the same with it.
local function log(name)
  if logged then io.stderr:write(depth, " ", name, "\n") end
end

local act, step

local function calls(n) return function() return act(n) end end

-- What may happen wherever Lua runs. Once the fuel is gone nothing does, so that loops end.
local deeds = {
  function() collectgarbage "step" end,
  function() if one_in(50) then collectgarbage() end end,
  function() error(values.random_value(), 0) end,
  function() if coroutine.isyieldable() then return coroutine.yield(values.random_value()) end end,
  function() return api.close(values.object()) end,
  function() return api.close(values.object()) end,
  function() return values.change(values.table()) end,
  function() return values.change(values.table()) end,
  function() return step() end,
  function() return step() end,
  function() return values.hostile() end,
  function() return M.arm() end,
}

function act()
  fuel = fuel - 1
  if fuel < 0 or depth > DEPTH then return nil end
  if one_in(3) then return values.random_value() end
  depth = depth + 1
  local ok, result = pcall(pick(deeds))
  depth = depth - 1
  if not ok then error(result, 0) end
  return result
end

--- Leaves garbage whose finalizer acts, and leaves the next.
function M.arm()
  setmetatable({}, { __gc = function()
    if fuel <= 0 then return end
    M.arm()
    act()
  end })
end

function step()
  local name, fn = api.random_function()
  local arguments = values.arguments()
  log(name)
  local done = values.work_on(arguments)
  local results = table.pack(pcall(fn, table.unpack(arguments, 1, arguments.n)))
  done()
  for i = 2, math.min(results.n, 4) do values.keep(results[i]) end
  return results[2]
end

local function run()
  for _ = 1, STEPS do
    if fuel < 0 then break end
    depth = 0
    if one_in(4) then pcall(act) else pcall(step) end
  end
end

-- In a coroutine now and then, whose yields are answered.
local function run_in_coroutine()
  local thread = coroutine.create(run)
  for _ = 1, 50 do
    if not coroutine.resume(thread, values.random_value()) then break end
    if coroutine.status(thread) == "dead" then break end
  end
  coroutine.close(thread)
end

local function run_program(world, number)
  random.seed(number)
  fuel, depth = FUEL, 0
  values.begin(random, calls)
  api.begin(random, values)
  local before = one_in(40) and collectgarbage("incremental", 0, 40, 4)
  if one_in(2) then M.arm() end
  world(one_in(4) and 0 or pick { 1, 2, 5, 20, 100 }, pick { 10, 200, 500, 1000 },
    one_in(8) and pick { 50, 500 } or 0, function() pcall(act) end)
  pcall(one_in(3) and run_in_coroutine or run)
  world(0, 0, 0)
  fuel = -1
  if before then collectgarbage(before) end
  api.finish()
  values.finish()
end

-- world(every, collect, refuse, act) sets what happens at allocations (hostile.c); `log`: each step
-- is printed. Returns what runs the program of a number.
return function(world, log_steps)
  logged = log_steps
  collectgarbage "generational"
  return function(number) return run_program(world, number) end
end
