--- Virtual time, processes and events of one simulated history.
--
-- A process is a coroutine. It runs until it waits (world:wait), which is where another may go on,
-- and where it may be killed: a killed process is never resumed, so nothing of it is cleaned up.
-- All choices come from one generator: a seed is a history, replayed exactly.

local M = {}

local World = {}
World.__index = World

--- new(seed) -> a world at time 0 without processes.
function M.new(seed)
  return setmetatable({ now = 1000, state = seed * 2 + 1, queue = {}, serial = 0, processes = {},
    events = 0, storm = {} }, World)
end

--- random(n) -> an integer from 1 to n.
function World:random(n)
  local x = self.state
  x = x ~ (x << 13)
  x = x ~ (x >> 7)
  x = x ~ (x << 17)
  self.state = x
  return ((x * 0x2545F4914F6CDD1D) >> 33) % n + 1
end

--- chance(p) -> true with probability p.
function World:chance(p) return self:random(1000000) <= p * 1000000 end

--- pick(list) -> one of its items.
function World:pick(list) return list[self:random(#list)] end

--- at(time, fn) -> an event: calls fn() at that time. event.dropped = true forgets it.
function World:at(time, fn)
  self.serial = self.serial + 1
  local event = { time = math.max(time, self.now), serial = self.serial, fn = fn }
  local queue, i = self.queue, #self.queue + 1
  queue[i] = event
  while i > 1 and (queue[i].time < queue[i - 1].time
      or queue[i].time == queue[i - 1].time and queue[i].serial < queue[i - 1].serial) do
    queue[i], queue[i - 1] = queue[i - 1], queue[i]
    i = i - 1
  end
  return event
end

local Process = {}
Process.__index = Process

--- start(name, fn) -> a process that runs fn(process) from now on. process.ended, .problem.
function World:start(name, fn)
  local process = setmetatable({ name = name, world = self }, Process)
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
  if not ok then
    process.problem = debug.traceback(process.thread, tostring(problem))
  end
end

--- wait(seconds): the current process sleeps; others go on. wake() ends it early.
function World:wait(seconds)
  local process = self.current
  process.alarm = self:at(self.now + seconds, function() self:resume(process) end)
  coroutine.yield()
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

--- run(most): until no event is left, or `most` were; then true.
function World:run(most)
  while self.queue[1] do
    local event = table.remove(self.queue, 1)
    if not event.dropped then
      self.now, self.events = event.time, self.events + 1
      if self.events > most then return true end
      event.fn()
      if self.after_event then self.after_event() end
    end
  end
end

return M
