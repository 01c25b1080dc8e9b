--- Group commit: the intents of many tasks made durable by one sync.
--
-- Used by the writes of a run. A task that intends to send waits until every task waits; then the
-- journal is flushed once for all of them. During a sync, which takes milliseconds, nothing is sent
-- or read. So requests that other tasks have submitted leave before the sync, and tasks whose
-- answers have arrived run once more, so that their intents join it. What must hold: intend()
-- returns true only when the line is durable, and never after a failed flush; an intent waits for
-- one turn of the other tasks at most, however fast answers come.

local object = require "codeocean.object"

local M = {}

local Commit, metatable = object.class "codeocean.bulk.journal.commit"

--- new(scheduler, journal) -> commit; to be closed by stop().
function M.new(scheduler, journal)
  local self = setmetatable({ scheduler = scheduler, journal = journal, waiting = {} }, metatable)
  self.stop_watching = scheduler:on_idle(function() return self:flush() end)
  return self
end

--- flush() -> whether a task can run now. Called by the scheduler when no task can run.
function Commit:flush()
  if #self.waiting == 0 then return false end
  local others_can_run = self.scheduler:advance()
  self.put_off = others_can_run and not self.put_off
  if self.put_off then return true end
  local ok, err = self.journal:flush()
  if not ok then self.failure = err end
  local waiting = self.waiting
  self.waiting = {}
  for _, entry in ipairs(waiting) do
    entry.durable = true
    self.scheduler:wake(entry.task)
  end
  return true
end

--- intend(i, fields) -> true once the intent is durable; or nil, err: nothing may be sent.
function Commit:intend(index, fields)
  if self.failure then return nil, self.failure end
  self.journal:intend(index, fields)
  local entry = { task = self.scheduler:current() }
  self.waiting[#self.waiting + 1] = entry
  while not entry.durable do self.scheduler:park() end
  if self.failure then return nil, self.failure end
  return true
end

--- stop(), also when a <close> variable ends: no task may call intend() after it.
function Commit:stop() self.stop_watching() end

metatable.__close = Commit.stop

return M
