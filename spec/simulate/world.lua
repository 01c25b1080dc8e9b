--- Virtual time, processes, events and faults of one simulated history.
--
-- A process is a coroutine. It runs until it waits (world:wait), which is where another may go on,
-- and where it may be killed: a killed process is never resumed, so nothing of it is cleaned up.
-- Time is virtual: it jumps from event to event. The same seed gives the same history.

local dice = require "dice"

local M = {}

local World = {}
World.__index = World

--- new(seed, storm [, only_faults]) -> a world at time 1000 without processes. storm: {fault =
-- probability}. only_faults: a set of numbers; of the faults that would happen, counted from 1,
-- only these do.
function M.new(seed, storm, only_faults)
  return setmetatable({ now = 1000, dice = dice.new(seed), queue = {}, serial = 0, processes = {},
    events = 0, storm = storm, faults = 0, only_faults = only_faults, clock = 1700000000,
    happened = {} }, World)
end

function World:random(n) return self.dice:random(n) end
function World:chance(p) return self.dice:chance(p) end
function World:pick(list) return self.dice:pick(list) end

--- fault(name [, probability]) -> whether that fault happens now; without a probability, that of
-- the storm.
function World:fault(name, probability)
  probability = self.is_calm and 0 or probability or self.storm[name] or 0
  if probability == 0 or not self:chance(probability) then return false end
  self.faults = self.faults + 1
  local happens = not self.only_faults or self.only_faults[self.faults] == true
  if happens then self:count(name) end
  return happens
end

--- count(name): it happened once more; faults are counted by themselves.
function World:count(name) self.happened[name] = (self.happened[name] or 0) + 1 end

--- calm(): no fault happens any more.
function World:calm() self.is_calm = true end

-- Events: a binary heap by time, then by the order in which they came -----------------------------

local function before(a, b)
  return a.time < b.time or a.time == b.time and a.serial < b.serial
end

--- at(time, fn) -> an event: calls fn() at that time. event.dropped = true forgets it.
function World:at(time, fn)
  self.serial = self.serial + 1
  local event = { time = math.max(time, self.now), serial = self.serial, fn = fn }
  local queue, i = self.queue, #self.queue + 1
  while i > 1 and before(event, queue[i // 2]) do
    queue[i] = queue[i // 2]
    i = i // 2
  end
  queue[i] = event
  return event
end

local function next_event(queue)
  local first, last, i = queue[1], table.remove(queue), 1
  if not queue[1] then return first end
  while 2 * i <= #queue do
    local child = 2 * i
    if queue[child + 1] and before(queue[child + 1], queue[child]) then child = child + 1 end
    if before(last, queue[child]) then break end
    queue[i] = queue[child]
    i = child
  end
  queue[i] = last
  return first
end

--- run(most): until no event is left, or `most` were; then true.
function World:run(most)
  while self.queue[1] do
    local event = next_event(self.queue)
    if not event.dropped then
      self.now, self.events = event.time, self.events + 1
      if self.events > most then return true end
      event.fn()
    end
  end
end

-- Processes ---------------------------------------------------------------------------------------

local Process = {}
Process.__index = Process

--- is_over() -> whether it ended or was killed.
function Process:is_over() return self.ended or self.killed or false end

--- start(name, fn) -> a process that runs fn(process) from now on. process.ended, .problem.
function World:start(name, fn)
  local process = setmetatable({ name = name, world = self, folder = "/home" }, Process)
  process.thread = coroutine.create(function() return fn(process) end)
  self.processes[#self.processes + 1] = process
  self:at(self.now, function() self:resume(process) end)
  return process
end

function World:resume(process)
  if process.killed or process.ended then return end
  local outer = self.current
  self.current = process
  local ok, problem = coroutine.resume(process.thread)
  self.current = outer
  if coroutine.status(process.thread) == "suspended" then return end
  process.ended = true
  if not ok then process.problem = debug.traceback(process.thread, tostring(problem)) end
end

--- wait(seconds): the current process sleeps; others go on. wake() ends it early.
function World:wait(seconds)
  local process = self.current
  process.alarm = self:at(self.now + seconds, function() self:resume(process) end)
  coroutine.yield()
end

--- wait_for(process): the current process sleeps until that one has ended.
function World:wait_for(process)
  while not process:is_over() do self:wait(5) end
end

--- wake(process): ends its wait now.
function World:wake(process)
  if process.alarm and not process.alarm.dropped then
    process.alarm.dropped = true
    process.alarm = self:at(self.now, function() self:resume(process) end)
  end
end

--- kill(process): it never goes on.
function World:kill(process)
  process.killed = true
  if self.current == process then coroutine.yield() end
end

return M
