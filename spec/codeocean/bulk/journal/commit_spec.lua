-- Group commit on a scheduler of its own: no task continues before its intent is durable.

local commits = require "codeocean.bulk.journal.commit"
local errors = require "codeocean.error"

-- A scheduler in which the current task runs until it parks. Each call of advance() makes one of
-- its `late` tasks, whose answer has come, able to run.
local Scheduler = {}
Scheduler.__index = Scheduler

function Scheduler:on_idle(fn)
  self.idle = fn
  return function() self.idle = nil end
end

function Scheduler:current() return self.running end
function Scheduler:wake(task) self.ready[#self.ready + 1] = task end
function Scheduler.park() coroutine.yield() end
function Scheduler:spawn(fn) self:wake(coroutine.create(fn)) end

function Scheduler:advance()
  self.advances = self.advances + 1
  if self.late[1] then self:spawn(table.remove(self.late, 1)) end
  return #self.ready > 0
end

function Scheduler:run()
  repeat
    while self.ready[1] do
      self.running = table.remove(self.ready, 1)
      assert(coroutine.resume(self.running))
    end
  until not (self.idle and self.idle())
end

local function scheduler_of()
  return setmetatable({ ready = {}, late = {}, advances = 0 }, Scheduler)
end

local Journal = {}
Journal.__index = Journal

function Journal:intend(index) self.lines[#self.lines + 1] = index end

function Journal:flush()
  self.flushes = self.flushes + 1
  if self.fails then return nil, errors.new { kind = "journal", message = "disk full" } end
  self.durable = #self.lines
  return true
end

local function journal_of(fails)
  return setmetatable({ lines = {}, durable = 0, flushes = 0, fails = fails }, Journal)
end

describe("codeocean.bulk.journal.commit", function()
  it("makes the intents of many tasks durable by one sync, before any goes on", function()
    local scheduler, journal = scheduler_of(), journal_of()
    local commit, sent = commits.new(scheduler, journal), 0
    for i = 1, 20 do
      scheduler:spawn(function()
        assert.is_true(commit:intend(i, {}))
        assert.equal(20, journal.durable)
        sent = sent + 1
      end)
    end
    scheduler:run()
    assert.same({ 20, 1 }, { sent, journal.flushes })
    commit:stop()
    assert.is_nil(scheduler.idle)
  end)

  it("sends what others have submitted before a sync, and takes one more turn of them with it",
    function()
      local scheduler, journal = scheduler_of(), journal_of()
      local commit, durable = commits.new(scheduler, journal), {}
      local function intend(i)
        return function()
          assert.is_true(commit:intend(i, {}))
          durable[#durable + 1] = { i, journal.flushes, scheduler.advances }
        end
      end
      scheduler:spawn(intend(1))
      for i = 2, 4 do scheduler.late[#scheduler.late + 1] = intend(i) end
      scheduler:run()
      -- {task, flushes, advances}: the third comes too late for the first sync.
      assert.same({ { 1, 1, 2 }, { 2, 1, 2 }, { 3, 2, 4 }, { 4, 2, 4 } }, durable)
    end)

  it("fails in every task once a sync has failed", function()
    local scheduler, journal = scheduler_of(), journal_of(true)
    local commit, refused = commits.new(scheduler, journal), 0
    local function intend()
      local ok, err = commit:intend(1, {})
      assert.is_nil(ok)
      assert.equal("disk full", err.message)
      refused = refused + 1
    end
    scheduler:spawn(intend)
    scheduler:run()
    scheduler:spawn(intend)
    scheduler:run()
    assert.same({ 2, 1 }, { refused, journal.flushes })
  end)
end)
