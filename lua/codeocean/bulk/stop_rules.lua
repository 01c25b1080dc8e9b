--- The rules that stop a run from starting more inputs: too many errors, a refused token, no
-- server or one that wants a long pause, a signal.
--
-- One object for all phases of a run: errors in planning and in writing count alike. Used by the
-- passes over the inputs, which call poll() between two of them.

local core = require "codeocean.core"
local map = require "codeocean.tasks.map"
local object = require "codeocean.object"

local M = {}

local GRACE = 10      -- seconds that requests under way are given after a signal
local MAX_ERRORS = 50

local Rules, metatable = object.class "codeocean.bulk.stop_rules"

--- new(client, spec) -> rules; spec: fail_fast, max_errors, stop.
function M.new(client, spec)
  return setmetatable({ client = client, stop = spec.stop, errors = 0, done = 0,
    most = spec.fail_fast and 1 or spec.max_errors or MAX_ERRORS, fail_fast = spec.fail_fast },
    metatable)
end

-- Whether an error counts: not that of an input that was not begun; that of a missing asset only
-- with fail_fast.
local function counts(self, err)
  return err.kind ~= "pending" and (err.kind ~= "missing" or self.fail_fast)
end

local function reason(self, err)
  if err.kind == "cancelled" then return not self.asked and err or nil end
  if err.stops or err.status == 401 then return err end
  if err.kind == "auth" and self.done == 0 then return err end
  if map.serves_nobody(self.client, err) then return err end
end

--- count(err): counts a finished input, with its error or nil.
function Rules:count(err)
  if err and counts(self, err) then
    self.errors = self.errors + 1
    self.failure = self.failure or reason(self, err)
    if self.errors >= self.most then
      local words = self.errors == 1 and "%d error" or "%d errors"
      self.reason = self.reason or words:format(self.errors)
    end
  end
  self.done = self.done + 1
end

--- fail(err): stops the run, for its journal cannot be written.
function Rules:fail(err) self.failure = self.failure or err end

--- interrupted() -> whether spec.stop() has returned true, as after a signal. The run then waits
-- for writes that were sent, cancels reads, and does not repeat requests that the server pushed
-- back.
function Rules:interrupted()
  if not self.asked and self.stop and self.stop() then self.asked = core.now() end
  if self.asked then self.client.engine:cancel_harmless() end
  return self.asked ~= nil
end

--- poll([reading]) -> the reason to start no more inputs, or nil. After a signal, requests under
-- way get some seconds to end; none if `reading`, for nothing is written then.
function Rules:poll(reading)
  if self:interrupted() then
    if reading or core.now() - self.asked > GRACE then self.client:cancel() end
    return "interrupted"
  end
  return self.failure and tostring(self.failure) or self.reason
end

return M
