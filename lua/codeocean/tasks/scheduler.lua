--- Tasks: coroutines that wait for requests at the same time.
--
-- A scheduler belongs to a client. Tasks belong to a group, which codeocean.tasks.map makes. A task
-- that waits for a request lets the other tasks run. Code outside a task that waits for a group
-- runs all tasks until that group is done. A task yields a private sentinel, and only to the
-- scheduler; any other value that a function yields (cqueues.sleep, say) goes to the host's loop.

local object = require "codeocean.object"

local M = {}

local is_yieldable, running = coroutine.isyieldable, coroutine.running

local SENTINEL, ENDED = {}, {}

-- Without coroutine.close (Lua 5.3) the function in which a task is suspended raises.
local close = coroutine.close or function(thread) coroutine.resume(thread, ENDED) end

local function suspend()
  if coroutine.yield(SENTINEL) == ENDED then error("the task was ended", 0) end
end

local Scheduler, Metatable = object.class "codeocean.scheduler"

--- A scheduler over a client's `pump` (waits for the network once) and `engine`.
function M.scheduler(client)
  return setmetatable({
    client = client,
    ready = {},                                 -- tasks to resume, in order
    waiting = {},                               -- transfer -> the task that waits for it, or a list
    tasks = setmetatable({}, { __mode = "k" }), -- coroutine -> task
    idle = {},                                  -- functions to call before waiting
  }, Metatable)
end

--- The task that runs now and may yield. Nil outside of tasks, in a coroutine that a task made, and
-- where Lua cannot yield (in string.gsub, table.sort, a metamethod, require): such a caller drives
-- the tasks itself.
function Scheduler:current()
  return is_yieldable() and self.tasks[running()] or nil
end

--- A new task of a group.
function Scheduler:spawn(group, body)
  local task = { group = group }
  task.thread = coroutine.create(body)
  self.tasks[task.thread] = task
  group.tasks[task] = true
  self.ready[#self.ready + 1] = task
  return task
end

--- Resumes the task in the next turn; nil is ignored.
function Scheduler:wake(task)
  if task then self.ready[#self.ready + 1] = task end
end

-- Nearly always one task waits for a transfer; a list is made for the second.
local function with(others, task)
  if others.thread then return { others, task } end
  others[#others + 1] = task
  return others
end

--- Called inside the task: lets the other tasks run until the transfer is finished.
function Scheduler:await(transfer, task)
  local others = self.waiting[transfer]
  self.waiting[transfer] = others and with(others, task) or task
  task.transfer = transfer
  suspend()
  task.transfer = nil
end

--- Called inside a task: waits until another task wakes it. May return early, so the caller checks
-- its condition again.
function Scheduler:park()
  suspend()
end

function Scheduler:finish(task, ok, problem)
  local group = task.group
  group.tasks[task] = nil
  if ok or group.failure then return end
  group.failure = { problem }   -- which may be nil
  self:wake(group.waiter)
  group.waiter = nil
end

-- Passes a value that is not the sentinel on to the host's loop, and resumes the task with what the
-- host answers.
function Scheduler:yield_to_host(task, ...)
  if not coroutine.isyieldable() then
    return self:resume(task, nil, "nobody waits for what this task yields")
  end
  task.with_host = true
  local answers = table.pack(coroutine.yield(...))
  task.with_host = false
  return self:resume(task, table.unpack(answers, 1, answers.n))
end

function Scheduler:resumed(task, ok, first, ...)
  if first == SENTINEL and select("#", ...) == 0 then return end
  if coroutine.status(task.thread) == "dead" then return self:finish(task, ok, first) end
  return self:yield_to_host(task, first, ...)
end

function Scheduler:resume(task, ...)
  return self:resumed(task, coroutine.resume(task.thread, ...))
end

function Scheduler:wake_all(waiters)
  if not waiters or waiters.thread then return self:wake(waiters) end
  for _, task in ipairs(waiters) do self:wake(task) end
end

-- Collects the finished transfers and wakes the tasks that wait for them. The engine's descriptor
-- is then no longer readable; the nudge wakes a caller that polls it for one of these transfers.
function Scheduler:collect()
  local engine, waiting = self.client.engine, self.waiting
  local collected = false
  for transfer in engine.completed, engine do
    self:wake_all(waiting[transfer])
    waiting[transfer] = nil
    collected = true
  end
  if collected then self.client:nudge() end
end

--- Sends what the tasks have submitted, and collects the answers that are there, without waiting.
-- Returns whether a task can run now.
function Scheduler:advance()
  self.client:pump(0)
  self:collect()
  return #self.ready > 0
end

--- Registers fn(), which is called when no task can run, and returns true if it has woken one.
-- Returns a function that removes it.
function Scheduler:on_idle(fn)
  self.idle[fn] = true
  return function() self.idle[fn] = nil end
end

function Scheduler:run_idle()
  for fn in pairs(self.idle) do
    if fn() then return true end
  end
end

-- One turn: resumes the tasks that are ready, or waits for the network.
function Scheduler:run_once()
  local batch = self.ready
  if #batch == 0 then
    if self:run_idle() then return end
    self.client:pump()
    return self:collect()
  end
  self.ready = {}
  for i = 1, #batch do
    local task = batch[i]
    if coroutine.status(task.thread) == "suspended" and not task.with_host then
      self:resume(task)
    end
  end
  self:collect()
  self.client:nudge()
end

--- Returns once settled() is true. A task parks meanwhile; code outside of tasks runs the tasks.
-- Raises the error that made the group fail.
function Scheduler:run(group, settled)
  local task = self:current()
  while not settled() do
    if group.failure then error(group.failure[1], 0) end
    if task then
      group.waiter = task
      self:park()
    else
      self:run_once()
    end
  end
end

-- Ends the task's wait. Cancels the transfer unless other tasks wait for it too.
function Scheduler:abandon_transfer(task)
  local others = self.waiting[task.transfer] or task
  if others ~= task then
    for i = #others, 1, -1 do
      if others[i] == task then table.remove(others, i) end
    end
    if #others > 0 then return end
  end
  self.waiting[task.transfer] = nil
  task.transfer:cancel()
end

--- Ends a group in any state: cancels the requests of its tasks and closes the tasks.
function Scheduler:abandon(group)
  for task in pairs(group.tasks) do
    if task.transfer then self:abandon_transfer(task) end
    if coroutine.status(task.thread) == "suspended" then close(task.thread) end
  end
  group.tasks = {}
end

return M
