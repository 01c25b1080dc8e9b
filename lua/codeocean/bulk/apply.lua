--- Carrying a plan out: intent in the journal, request, outcome in the journal, many at once.

local errors = require "codeocean.error"
local updates = require "codeocean.assets.update"

local M = {}

local GRACE = 10 -- seconds that requests under way are given after a stop

local acts = {
  update = function(assets, item) return updates.put(assets.client, item.id, item.body) end,
  archive = function(assets, item) return assets:archive(item.id) end,
  unarchive = function(assets, item) return assets:unarchive(item.id) end,
  delete = function(assets, item) return assets:delete(item.id) end,
}

-- Group commit: those that are about to send wait until nobody can go on any more; then one sync
-- serves them all.
local Commit = {}
Commit.__index = Commit

local function new_commit(scheduler, journal)
  local self = setmetatable({ scheduler = scheduler, journal = journal, waiting = {} }, Commit)
  self.remove = scheduler:on_idle(function() return self:flush() end)
  return self
end

function Commit:flush()
  if #self.waiting == 0 then return false end
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

-- true once the intent is on the disk; or nil, err: nothing may be sent.
function Commit:intend(index, item)
  if self.failure then return nil, self.failure end
  self.journal:intend(index, item)
  local entry = { task = self.scheduler:current() }
  self.waiting[#self.waiting + 1] = entry
  while not entry.durable do self.scheduler:park() end
  if self.failure then return nil, self.failure end
  return true
end

-- A server that answers without the metadata that was there loses it: nothing more is sent.
local function lost_metadata(item, answer)
  return item.had_metadata and type(answer) == "table" and answer.custom_metadata == nil
end

local function metadata_error(item)
  return errors.new { kind = "conflict", operation = "update", id = item.id, outcome = "unknown",
    stops = true, message = "the custom metadata is gone from the server's answer" }
end

local function send(run, item)
  local act = acts[run.spec.action or "update"]
  local answer, err = act(run.client.data_assets, item)
  if answer and lost_metadata(item, answer) then return nil, metadata_error(item) end
  return answer, err
end

local function not_started()
  return errors.new { kind = "pending", message = "not started: interrupted",
    outcome = "not_sent" }
end

local function work(run, commit)
  return function(item)
    if commit then
      local ok, err = commit:intend(item.index, item)
      if not ok then return nil, errors.new { kind = "pending", message = tostring(err),
        stops = true, outcome = "not_sent" } end
    end
    if run.stopped then return nil, not_started() end
    local answer, err = send(run, item)
    if not answer then return nil, err end
    return true
  end
end

--- What becomes of an item that failed so.
function M.status_of(err)
  if err.kind == "pending" or err.kind == "missing" or err.kind == "conflict" then
    return err.kind
  end
  if err.kind == "cancelled" and err.outcome == "not_sent" then return "pending" end
  return err.outcome == "unknown" and err.writes and "unknown" or "failed"
end

-- Where it is not known what became of it the intent stays open: a resume asks the server.
local function settle(run, item, err)
  item.error = err
  item.status = err and M.status_of(err) or item.note or "ok"
  local open = item.status == "pending" or item.status == "unknown"
  if run.journal and not open then run.journal:settle(item.index, item) end
end

-- Why nothing more should be started: too many errors, or somebody asked to stop.
local function brakes(run)
  local spec, errs = run.spec, 0
  local most = spec.fail_fast and 1 or spec.max_errors or 50
  local function on_error(err)
    errs = errs + 1
    if err.stops then return err end
    if errs >= most then
      return ("%d %s"):format(errs, errs == 1 and "error" or "errors")
    end
  end
  local asked
  local function poll()
    if not asked and spec.stop and spec.stop() then
      asked, run.stopped = run.now(), true
      run.client.engine:cancel_unsent() -- what has left is waited for
    end
    if asked and run.now() - asked > GRACE then run.client:cancel() end
    return asked and "interrupted"
  end
  return on_error, poll
end

--- Writes the items of a run = {client, spec, journal or nil, now}; each gets its status.
function M.apply(run, items)
  local commit = run.journal and new_commit(run.client.scheduler, run.journal)
  local on_error, poll = brakes(run)
  local done, errs = 0, 0
  local options = { jobs = run.spec.jobs, on_error = on_error, poll = poll }
  for index, _, err in run.client:each_done(items, work(run, commit), options) do
    settle(run, items[index], err)
    done = done + 1
    if err then errs = errs + 1 end
    run.notify { type = "applied", done = done, total = #items, errors = errs, item = items[index] }
  end
  if commit then commit.remove() end
  return commit and commit.failure
end

return M
