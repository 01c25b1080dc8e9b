--- Calls a function for each item of a source, for many items at the same time.
--
-- Called by client:map and client:each_done with checked arguments. Up to `jobs` workers, tasks of
-- the client's scheduler, share the source. What must hold: each item goes to one worker; results
-- that wait for their reader count against `jobs`, so memory is bounded by `jobs` and not by the
-- source; a map that its reader leaves early cancels its tasks.

local errors = require "codeocean.error"
local system = require "codeocean.lua.system"
local options = require "codeocean.options"
local queues = require "codeocean.tasks.queue"
local text = require "codeocean.text"

local M = {}

M.OPTIONS = {
  { "jobs", nil, options.integer(1, 1000000) },
  { "fail_fast", false, options.boolean },
  { "on_error", nil, options.callable },
  { "poll", nil, options.callable },
}

-- An iterator over index, item of a list or of an iterator's function.
local function numbered_items(source)
  local next_item = source
  local i = 0
  if type(source) == "table" then
    function next_item() return source[i + 1] end
  end
  return function()
    local item = next_item()
    if item == nil then return end
    i = i + 1
    return i, item
  end
end

-- Makes an error object of the error that a user's function returned. Its text may hold any bytes;
-- journals and reports need UTF-8.
local function error_of(value)
  if errors.is(value) then return value end
  return errors.new { kind = "script", message = text.valid(tostring(value)), data = value }
end

local function traced(problem)
  if errors.is(problem) then return problem end
  if errors.is_interrupt(problem) then
    return errors.new { kind = "cancelled", message = "interrupted" }
  end
  return errors.new { kind = "script",
    message = text.valid(system.traceback(tostring(problem), 2)) }
end

local function not_started(why)
  return errors.new { kind = "pending", message = "not started: " .. tostring(why),
    outcome = "not_sent" }
end

local Map = {}
Map.__index = Map

-- Kinds of error of a request that was not served.
local NOT_SERVED = { network = true, throttled = true }

--- serves_nobody(client, err) -> whether this error of a call of the client means that no call will
-- succeed now: no server is found, or the server demands a pause of everybody that is longer than a
-- call may last.
function M.serves_nobody(client, err)
  local pushed = err.kind == "throttled" or err.status == 503
  if pushed and (err.retry_after or 0) > client.deadline then return true end
  return NOT_SERVED[err.kind] and client:stats().unreachable or false
end

-- The reason to start nothing more after this error, or nil.
function Map:reason_to_stop(err)
  local reason = self.options.on_error and self.options.on_error(err)
  if reason or self.options.fail_fast then return reason or err end
  if err.kind == "cancelled" then return err end
  if err.kind == "auth" and self.finished == 0 then return err end
  if M.serves_nobody(self.scheduler.client, err) then return err end
end

-- Keeps the result of one item, and decides whether further items are started.
function Map:deliver(index, value, err)
  if value ~= nil or err == nil then err = nil else err = error_of(err) end
  local counts = err and (err.stops or err.kind ~= "pending")
  if counts then self.stop = self.stop or self:reason_to_stop(err) end
  self.finished = self.finished + 1
  self:store(index, value, err)
end

-- Workers ----------------------------------------------------------------------------------------
--
-- The source may be a search, which waits for its next page. One worker at a time reads the source;
-- the others wait in a queue.

function Map:queue_up()
  self.queue:push(self.scheduler:current())
  self.scheduler:park()
end

function Map:wake_next_worker()
  self.scheduler:wake(self.queue:pop())
end

function Map:full()
  return self.active + self.done.count >= self.jobs
end

-- Reports the rest of a list as `pending` when the map stops. An iterator is not read further.
function Map:report_rest_as_pending()
  if type(self.source) == "function" then return end
  for index in self.next_item do self:deliver(index, nil, not_started(self.stop)) end
end

-- Returns index and item of the next item for a worker, or nothing when none is left.
function Map:next_for_worker()
  while (self.is_reading or self:full()) and not (self.ended or self.stop) do self:queue_up() end
  if self.ended then return end
  if self.scheduler.client.closed and not self.closed_before then
    self.stop = self.stop or "the client is closed"
  end
  if self.stop then return self:report_rest_as_pending() end
  self.is_reading = true
  local index, item = self.next_item()
  self.is_reading = false
  self:wake_next_worker()
  return index, item
end

function Map:add_worker()
  if self.workers == self.jobs or self.ended then return end
  self.workers = self.workers + 1
  self.scheduler:spawn(self, function() self:work() end)
end

function Map:work()
  for index, item in self.next_for_worker, self do
    self.active = self.active + 1
    self:add_worker()
    local ok, value, err = xpcall(self.fn, traced, item, index)
    self.active = self.active - 1
    if ok then self:deliver(index, value, err) else self:deliver(index, nil, value) end
  end
  self.ended = true
  self:wake_next_worker()
  self.scheduler:wake_waiters(self)
end

function Map:over()
  return self.ended and self.active == 0
end

-- Called before each check for results: `poll` returns a reason to start nothing more, or nil. It
-- is called again after it gave a reason, for it may have to cancel requests under way.
function Map:poll_for_stop()
  local reason = self.options.poll and self.options.poll()
  self.stop = self.stop or reason
end

local function start(scheduler, source, fn, jobs, given, store)
  local self = setmetatable({
    scheduler = scheduler, fn = fn, jobs = jobs, options = given, store = store,
    source = source, next_item = numbered_items(source), queue = queues.new(), workers = 0,
    closed_before = scheduler.client.closed,
    tasks = {}, active = 0, finished = 0, done = queues.new(), ended = false, is_reading = false,
  }, Map)
  scheduler:begin(self)
  self:add_worker()
  return self, setmetatable({}, { __close = function() scheduler:abandon(self) end })
end

-- Results --------------------------------------------------------------------------------------

local function queue_result(self, index, value, err)
  self.done:push { index, value, err }
  self.scheduler:wake_waiters(self)
end

--- each_done(scheduler, source, fn, jobs, options) -> iterator over index, value, err of each item,
-- in the order in which they finish. The loop closes the fourth value when it ends: a loop that is
-- left early cancels the calls under way. Raises what the source raises. options: fail_fast;
-- on_error(err) and poll() return a reason to start nothing more, or nil.
function M.each_done(scheduler, source, fn, jobs, given)
  local self, closing = start(scheduler, source, fn, jobs, given, queue_result)
  local function has_result()
    self:poll_for_stop()
    return self.done.count > 0 or self:over()
  end
  local function next_done()
    scheduler:run(self, has_result)
    local result = self.done:pop()
    if not result and self.failure then error(self.failure[1], 0) end
    if not result then return nil end
    self:wake_next_worker()
    return table.unpack(result, 1, 3)
  end
  return next_done, nil, nil, closing
end

local function gather(scheduler, source, fn, jobs, given)
  local results, failed = { n = 0 }, {}
  local function store(_, index, value, err)
    results[index], failed[index] = value, err
    results.n = math.max(results.n, index)
  end
  local self, abandoned <close> = start(scheduler, source, fn, jobs, given, store)
  scheduler:run(self, function()
    self:poll_for_stop()
    return self:over()
  end)
  if self.failure then error(self.failure[1], 0) end
  return results, failed, abandoned
end

--- map(…), arguments as above -> results, errors, both indexed by the item's place; results.n is
-- the number of items. Or nil, err if the source (a search) failed.
function M.map(...)
  local ok, results, failed = pcall(gather, ...)
  if ok then return results, failed end
  if not errors.is(results) then error(results, 0) end
  return nil, results
end

return M
