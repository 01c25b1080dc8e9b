--- A function over the items of a source, many items at once.

local errors = require "codeocean.error"

local M = {}

-- The source: a list, or an iterator's function. Items of a list that a stopped map leaves are
-- named `pending`; an iterator is not read any further.
local function items_of(source)
  local i = 0
  if type(source) == "function" then
    return function()
      local item = source()
      i = i + 1
      if item ~= nil then return i, item end
    end
  end
  return function()
    i = i + 1
    if source[i] ~= nil then return i, source[i] end
  end
end

local function failure_of(value)
  if errors.is(value) then return value end
  return errors.new { kind = "script", message = tostring(value), data = value }
end

local function traced(problem)
  if errors.is(problem) then return problem end
  if errors.is_interrupt(problem) then
    return errors.new { kind = "cancelled", message = "interrupted" }
  end
  return errors.new { kind = "script", message = debug.traceback(tostring(problem), 2) }
end

local function pending(why)
  return errors.new { kind = "pending", message = "not started: " .. tostring(why),
    outcome = "not_sent" }
end

local Map = {}
Map.__index = Map

-- Why the rest is better left alone, or nil.
function Map:reason_to_stop(err)
  local reason = self.options.on_error and self.options.on_error(err)
  if reason or self.options.fail_fast then return reason or err end
  if err.kind == "cancelled" then return err end
  if err.kind == "auth" and self.finished == 0 then return err end
  if err.kind == "network" and self.scheduler.client:stats().unreachable then return err end
end

-- One item is over. Results are {index, value, err}.
function Map:deliver(index, value, err)
  if value ~= nil or err == nil then err = nil else err = failure_of(err) end
  local counts = err and (err.stops or err.kind ~= "pending")
  if counts then self.stop = self.stop or self:reason_to_stop(err) end
  self.finished = self.finished + 1
  self.done[#self.done + 1] = { index, value, err }
  self.scheduler:wake(self.waiter)
  self.waiter = nil
end

function Map:work(index, item)
  return function()
    local ok, value, err = xpcall(self.fn, traced, item, index)
    if not ok then value, err = nil, value end
    self.active = self.active - 1
    self:deliver(index, value, err)
    self.scheduler:wake(self.feeder)
  end
end

-- Results that nobody has taken yet count: memory is bounded by `jobs`, not by the source.
function Map:full()
  return self.active + #self.done >= self.jobs
end

function Map:feed(source)
  for index, item in items_of(source) do
    while self:full() and not self.stop do self.scheduler:park() end
    if self.stop and type(source) == "function" then break end
    if self.stop then
      self:deliver(index, nil, pending(self.stop))
    else
      self.active = self.active + 1
      self.scheduler:spawn(self, self:work(index, item))
    end
  end
  self.fed, self.feeder = true, nil
  self.scheduler:wake(self.waiter)
  self.waiter = nil
end

--- An iterator over the results (index, value, err) as they come, in no order. It is closed by its
-- fourth value: a loop that is left early cancels what is under way. Raises what the source raises.
-- options: fail_fast; on_error(err) and poll() return a reason to start nothing more, or nil.
function M.each_done(scheduler, source, fn, jobs, options)
  local self = setmetatable({
    scheduler = scheduler, fn = fn, jobs = jobs, options = options or {},
    tasks = {}, active = 0, finished = 0, done = {}, fed = false,
  }, Map)
  self.feeder = scheduler:spawn(self, function() self:feed(source) end)
  local function settled()
    if not self.stop and self.options.poll then self.stop = self.options.poll() end
    return #self.done > 0 or (self.fed and self.active == 0)
  end
  local function next_done()
    scheduler:run(self, settled)
    local result = table.remove(self.done, 1)
    if not result and self.failure then error(self.failure, 0) end
    if not result then return nil end
    scheduler:wake(self.feeder)
    return table.unpack(result, 1, 3)
  end
  local closing = setmetatable({}, { __close = function() scheduler:abandon(self) end })
  return next_done, nil, nil, closing
end

local function gather(...)
  local results, failed = { n = 0 }, {}
  for index, value, err in M.each_done(...) do
    results[index], failed[index] = value, err
    results.n = math.max(results.n, index)
  end
  return results, failed
end

--- results, errors, both by the items' places, results.n items; or nil, err when the source (a
-- search) failed.
function M.map(...)
  local ok, results, failed = pcall(gather, ...)
  if ok then return results, failed end
  if not errors.is(results) then error(results, 0) end
  return nil, results
end

return M
