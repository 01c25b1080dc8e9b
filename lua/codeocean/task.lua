--- Tasks: many functions that wait at the same time.
--
-- A scheduler belongs to a client. `map` feeds the items of a source to tasks, at most `jobs` at
-- once; a request inside a task gives the turn to the others while it waits. Whoever is not a task
-- itself drives all of them until its own map is done. A task yields a private sentinel and only to
-- the scheduler; what else a function yields (cqueues.sleep, say) is handed to the host's loop.

local errors = require "codeocean.error"

local M = {}

local SENTINEL = {}

local Scheduler = { __name = "codeocean.scheduler" }
Scheduler.__index = Scheduler

--- A scheduler over a client's `pump` (waits for the network once) and `engine`.
function M.scheduler(client)
  return setmetatable({
    client = client,
    ready = {},                                 -- tasks to resume, in order
    waiting = {},                               -- transfer -> tasks that wait for it
    tasks = setmetatable({}, { __mode = "k" }), -- coroutine -> task
  }, Scheduler)
end

--- The task that runs now, or nil: not inside one, or inside a coroutine of its own.
function Scheduler:current()
  return self.tasks[coroutine.running()]
end

function Scheduler:spawn(group, body)
  local task = { group = group }
  task.thread = coroutine.create(body)
  self.tasks[task.thread] = task
  group.tasks[task] = true
  self.ready[#self.ready + 1] = task
  return task
end

function Scheduler:wake(task)
  if task then self.ready[#self.ready + 1] = task end
end

--- Called inside a task: gives the turn to the others until the transfer is done.
function Scheduler:await(transfer)
  local task = self:current()
  local others = self.waiting[transfer] or {}
  others[#others + 1] = task
  self.waiting[transfer], task.transfer = others, transfer
  coroutine.yield(SENTINEL)
  task.transfer = nil
end

-- Called inside a task: waits for a wake by another task.
local function park()
  coroutine.yield(SENTINEL)
end

local function finish(task, ok, problem)
  local group = task.group
  group.tasks[task] = nil
  if not ok and not group.failure then group.failure = problem end
end

-- What a function in a task yields beside the sentinel is meant for the loop around us.
function Scheduler:resume(task, ...)
  local results = table.pack(coroutine.resume(task.thread, ...))
  if coroutine.status(task.thread) == "dead" then
    return finish(task, results[1], results[2])
  end
  if results[2] == SENTINEL and results.n == 2 then return end
  if not coroutine.isyieldable() then
    return self:resume(task, nil, "nobody waits for what this task yields")
  end
  task.lent = true
  local answers = table.pack(coroutine.yield(table.unpack(results, 2, results.n)))
  task.lent = false
  return self:resume(task, table.unpack(answers, 1, answers.n))
end

function Scheduler:collect()
  local engine = self.client.engine
  for transfer in engine.completed, engine do
    for _, task in ipairs(self.waiting[transfer] or {}) do self:wake(task) end
    self.waiting[transfer] = nil
  end
end

-- One turn: resumes all that can go on, or waits for the network.
function Scheduler:turn()
  local batch = self.ready
  if #batch == 0 then
    self.client:pump()
    return self:collect()
  end
  self.ready = {}
  for _, task in ipairs(batch) do
    if coroutine.status(task.thread) == "suspended" and not task.lent then self:resume(task) end
  end
  self:collect()
end

-- Until `settled()`: a task parks, anyone else drives.
function Scheduler:run(group, settled)
  local task = self:current()
  while not settled() do
    if task then
      group.waiter = task
      park()
    else
      self:turn()
    end
    if group.failure then error(group.failure, 0) end
  end
end

-- Ends a group in whatever state: its tasks' requests are cancelled, its tasks closed.
function Scheduler:abandon(group)
  for task in pairs(group.tasks) do
    if task.transfer then
      self.waiting[task.transfer] = nil
      task.transfer:cancel()
    end
    if coroutine.status(task.thread) == "suspended" then coroutine.close(task.thread) end
  end
  group.tasks = {}
end

-- Groups -----------------------------------------------------------------------------------------

-- An iterator over (index, item) of a list or an iterator function.
local function items_of(source)
  if type(source) == "table" then
    local i = 0
    return function()
      i = i + 1
      if source[i] ~= nil then return i, source[i] end
    end
  end
  local i = 0
  return function()
    local item = source()
    i = i + 1
    if item ~= nil then return i, item end
  end
end

local function failure_of(value)
  if errors.is(value) then return value end
  return errors.new { kind = "script", message = tostring(value), data = value }
end

local function traced(problem)
  if errors.is(problem) then return problem end
  return errors.new { kind = "script", message = debug.traceback(tostring(problem), 2) }
end

-- Results are {index, value, err}; those nobody has taken yet count against `jobs`.
function Scheduler:start(source, fn, jobs, fail_fast)
  local group = { tasks = {}, active = 0, done = {}, fed = false, stop = false }
  local function work(index, item)
    return function()
      local ok, value, err = xpcall(fn, traced, item, index)
      if not ok then value, err = nil, value end
      if value == nil and err ~= nil then err = failure_of(err) end
      if value == nil and err ~= nil and fail_fast then group.stop = true end
      group.done[#group.done + 1] = { index, value, value == nil and err or nil }
      group.active = group.active - 1
      self:wake(group.feeder)
      self:wake(group.waiter)
      group.waiter = nil
    end
  end
  group.feeder = self:spawn(group, function()
    for index, item in items_of(source) do
      while group.active + #group.done >= jobs and not group.stop do park() end
      if group.stop then break end
      group.active = group.active + 1
      self:spawn(group, work(index, item))
    end
    group.fed, group.feeder = true, nil
    self:wake(group.waiter)
    group.waiter = nil
  end)
  return group
end

--- An iterator over the results (index, value, err) as they come, in no order. It is closed by its
-- fourth value: a loop that is left early cancels what is under way.
function Scheduler:each_done(source, fn, jobs, fail_fast)
  local group = self:start(source, fn, jobs, fail_fast)
  local function settled()
    return #group.done > 0 or (group.fed and group.active == 0)
  end
  local function next_done()
    self:run(group, settled)
    local result = table.remove(group.done, 1)
    if not result then return nil end
    self:wake(group.feeder)
    return table.unpack(result, 1, 3)
  end
  local closing = setmetatable({}, { __close = function() self:abandon(group) end })
  return next_done, nil, nil, closing
end

--- results, errors: both indexed as the source is, with `n` items; an item without an error but
-- with a nil value has neither.
function Scheduler:map(source, fn, jobs, fail_fast)
  local results, failed = { n = 0 }, {}
  for index, value, err in self:each_done(source, fn, jobs, fail_fast) do
    results[index], failed[index] = value, err
    results.n = math.max(results.n, index)
  end
  return results, failed
end

return M
