--- Tasks: coroutines that wait for requests at the same time.
--
-- A scheduler belongs to a client. Tasks belong to a group, which codeocean.tasks.map makes. A task
-- that waits for a request lets the other tasks run. A coroutine outside of tasks that waits for a
-- group runs the tasks of its own groups until that group is done. A task yields a private
-- sentinel, and only to the scheduler; any other value that a function yields (cqueues.sleep, say)
-- goes to the host's loop, and suspends the coroutine that runs the task.

local object = require "codeocean.object"
local queues = require "codeocean.tasks.queue"

local M = {}

local is_yieldable, running = coroutine.isyieldable, coroutine.running

local SENTINEL, ENDED = {}, {}

-- Without coroutine.close (Lua 5.3) the function in which a task is suspended raises.
local close = coroutine.close or function(thread) coroutine.resume(thread, ENDED) end

local function suspend(...)
  local first, second = coroutine.yield(SENTINEL, ...)
  if first == ENDED then error("the task was ended", 0) end
  return first, second
end

local threads = setmetatable({}, { __mode = "k" }) -- the coroutines of all schedulers' tasks

--- Whether the running coroutine is a task, of any client, that may yield.
function M.is_in_task() return threads[running()] and is_yieldable() end

--- Called inside a task: calls fn(…) in the coroutine that runs the tasks. So the `wait` hook of
-- another client runs in a coroutine that the host's loop knows. Raises what fn raises.
function M.call_outside(fn, ...)
  local ok, problem = suspend(fn, ...) -- nil if the coroutine ended meanwhile
  if ok == false then error(problem, 0) end
end

local Scheduler, Metatable = object.class "codeocean.scheduler"

--- A scheduler over a client's `pump` (waits for the network once) and `engine`.
function M.scheduler(client)
  return setmetatable({
    client = client,
    ready = queues.new(),                       -- tasks to resume, in order
    waiting = {},                               -- transfer -> the task that waits for it, or a list
    tasks = setmetatable({}, { __mode = "k" }), -- coroutine -> task
    idle = {},                                  -- functions to call before waiting
    changed = false,                            -- since the last nudge: see tell()
    callers = setmetatable({}, { __mode = "kv" }),  -- group -> the coroutine that runs its tasks
    settling = setmetatable({}, { __mode = "k" }),  -- coroutine in run() -> the group it waits for
  }, Metatable)
end

--- The task that runs now and may yield. Nil outside of tasks, in a coroutine that a task made, and
-- where Lua cannot yield (in string.gsub, table.sort, a metamethod, require): such a caller drives
-- the tasks itself.
function Scheduler:current()
  return is_yieldable() and self.tasks[running()] or nil
end

-- The coroutine that runs the tasks of a group: that of the group in which it was made, unless it
-- has its own.
local function caller_of(self, group)
  local caller = self.callers[group]
  if caller or not group.parent then return caller end
  return caller_of(self, group.parent)
end

--- Assigns the tasks of a group to the running coroutine or, inside a task, to the one that runs
-- the task. Called by whoever makes a group or waits for it.
function Scheduler:assign(group)
  local task = self:current()
  if not task then
    self.callers[group] = running()
  elseif task.group ~= group.parent then
    self.callers[group] = caller_of(self, task.group)
  end
end

--- Begins a group, a table with `tasks`, which spawn() adds to.
function Scheduler:begin(group)
  local task = self:current()
  group.parent = task and task.group
  self:assign(group)
end

--- A new task of a group.
function Scheduler:spawn(group, body)
  local task = { group = group }
  task.thread = coroutine.create(body)
  self.tasks[task.thread], threads[task.thread] = task, true
  group.tasks[task] = true
  self:wake(task)
  return task
end

--- Resumes the task in the next turn; nil is ignored.
function Scheduler:wake(task)
  if not task then return end
  self.ready:push(task)
  self.changed = true
end

-- Nudges those that wait in the host's loop, if a task was woken or has a result since the last
-- nudge: it may be what they wait for, or theirs to run.
function Scheduler:tell()
  if not self.changed then return end
  self.changed = false
  self.client:nudge()
end

-- Nearly always one task waits for a transfer or a group; a list is made for the second.
local function with(others, task)
  if not others then return task end
  if others.thread then return { others, task } end
  others[#others + 1] = task
  return others
end

--- Called inside the task: lets the other tasks run until the transfer is finished.
function Scheduler:await(transfer, task)
  self.waiting[transfer] = with(self.waiting[transfer], task)
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
  self:wake_waiters(group)
end

-- The hold of a coroutine on a task for which it waits in the host's loop. If the coroutine is
-- closed or dropped meanwhile, the task goes on without an answer of the host.
local Hold = {}

function Hold:__close()
  local task, scheduler = self.task, self.scheduler
  if task.held ~= self.mark then return end
  task.held = nil
  scheduler:wake(task)
  scheduler:tell()
end

Hold.__gc = Hold.__close

local function held(self, task, fn, ...)
  task.held = {} -- not the hold itself, which must be collected with the coroutine
  local hold <close> = setmetatable({ scheduler = self, task = task, mark = task.held }, Hold)
  local answers = table.pack(fn(...))
  task.held = nil
  return answers, hold
end

-- Calls fn(…), which suspends this coroutine in the host's loop, and resumes the task with what it
-- returns. The others that run tasks are woken: they run those that are ready meanwhile.
function Scheduler:carry(task, fn, ...)
  self:tell()
  local answers = held(self, task, fn, ...)
  return self:resume(task, table.unpack(answers, 1, answers.n))
end

-- Passes a value that is not the sentinel on to the host's loop, and resumes the task with what the
-- host answers.
function Scheduler:yield_to_host(task, ...)
  if coroutine.isyieldable() then return self:carry(task, coroutine.yield, ...) end
  return self:resume(task, nil, "nobody waits for what this task yields")
end

function Scheduler:resumed(task, ok, first, ...)
  if first == SENTINEL and ok then
    if select("#", ...) > 0 then return self:carry(task, pcall, ...) end
    return
  end
  if coroutine.status(task.thread) == "dead" then return self:finish(task, ok, first) end
  return self:yield_to_host(task, first, ...)
end

function Scheduler:resume(task, ...)
  return self:resumed(task, coroutine.resume(task.thread, ...))
end

-- Resumes a task that was woken, unless it is over or with the host.
function Scheduler:continue(task)
  if coroutine.status(task.thread) == "suspended" and not task.held then self:resume(task) end
end

function Scheduler:wake_all(waiters)
  if not waiters or waiters.thread then return self:wake(waiters) end
  for _, task in ipairs(waiters) do self:wake(task) end
end

--- Wakes the tasks that wait for a group, which has a result or is over.
function Scheduler:wake_waiters(group)
  local waiters = group.waiters
  group.waiters, self.changed = nil, true
  self:wake_all(waiters)
end

-- Collects the finished transfers and wakes the tasks that wait for them. The engine's descriptor
-- is then no longer readable; the nudge wakes a caller that polls it for one of these transfers.
function Scheduler:collect()
  local engine, waiting = self.client.engine, self.waiting
  for transfer in engine.completed, engine do
    self:wake_all(waiting[transfer])
    waiting[transfer] = nil
    self.changed = true
  end
  self:tell()
end

--- Sends what the tasks have submitted, and collects the answers that are there, without waiting.
-- Returns whether a task can run now.
function Scheduler:advance()
  self.client:pump(0)
  self:collect()
  return self.ready.count > 0
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

local function is_within(group, outer)
  return group == outer or group.parent ~= nil and is_within(group.parent, outer)
end

-- Whether another coroutine is to resume the task. What a task yields to the host's loop suspends
-- whoever resumed it, so each runs the tasks of its own groups. If that one is gone, or reads no
-- results now, whoever waits for the group does it.
function Scheduler:is_of_another(task)
  local caller, me = caller_of(self, task.group), running()
  if not caller or caller == me or coroutine.status(caller) == "dead" then return false end
  return self.settling[caller] ~= nil or not is_within(task.group, self.settling[me])
end

-- Resumes the tasks that are ready now. Returns whether there was one. While a task is with the
-- host, another coroutine may resume those that follow it.
function Scheduler:resume_ready()
  local any = false
  for _ = 1, self.ready.count do
    local task = self.ready:pop()
    if task and self:is_of_another(task) then
      self.ready:push(task)
    elseif task then
      any = true
      self:continue(task)
    end
  end
  return any
end

-- One turn: resumes the tasks that are ready, or waits for the network.
function Scheduler:run_once()
  if not self:resume_ready() and not self:run_idle() then self.client:pump() end
  self:collect()
end

local function run_until(self, group, settled)
  local task = self:current()
  while not settled() do
    if group.failure then error(group.failure[1], 0) end
    if task then
      group.waiters = with(group.waiters, task)
      self:park()
    else
      self:run_once()
    end
  end
end

-- Who runs the tasks of a group until the running coroutine does; nil if that one does already.
local function former_caller(self, group)
  local caller = self.callers[group]
  return caller ~= running() and setmetatable({ caller }, { __mode = "v" }) or nil
end

--- Returns once settled() is true. A task parks meanwhile; code outside of tasks runs the tasks.
-- Raises the error that made the group fail.
function Scheduler:run(group, settled)
  local thread, former = running(), former_caller(self, group)
  local outer = self.settling[thread]
  self:assign(group)
  self.settling[thread] = group
  local ok, problem = pcall(run_until, self, group, settled)
  self.settling[thread] = outer
  if former and self.callers[group] == thread then self.callers[group] = former[1] end
  if not ok then error(problem, 0) end
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
