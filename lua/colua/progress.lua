--- Progress: shows the progress of a line that takes longer than half a second, in one row on
-- standard error: the operation, counts, rate and remaining time. The row is removed when the line
-- ends, and before user code runs, whose output would mix with it. The session makes one; the
-- client waits through wait(), and its hooks report what happens.

local core = require "codeocean.core"
local format = require "codeocean.output.format"
local texts = require "codeocean.text"

local M = {}

local AFTER, EVERY = 0.5, 0.1 -- seconds
local PHASES = { planned = "planning", applied = "writing", verified = "verifying" }

local Progress = { __name = "colua.progress" }
Progress.__index = Progress

--- new(options): out (a file), width() -> its columns, or nil when it is not a terminal; now().
function M.new(options)
  local self = setmetatable({ out = options.out, width = options.width,
    now = options.now or core.now }, Progress)
  self:begin()
  return self
end

--- begin(): starts a line of the session.
function Progress:begin()
  self:clear()
  self.started, self.drawn_at = self.now(), -math.huge
  self.answers, self.found, self.errors, self.phase = 0, 0, 0, nil
end

-- The text of the row: the phase of a bulk run; else the last operation and the number of its
-- answers. For a search the number is that of the assets found.
local function text(self, client, now)
  local phase = self.phase
  local what = phase and PHASES[phase.type] or self.operation or "waiting"
  local done = self.operation == "search" and self.found or self.answers
  local since = self.started
  if phase then done, since = phase.done, phase.since end
  local seconds = math.max(now - since, 0.001)
  local rate = done > 0 and done / seconds or nil
  return ("%s  %s  %s"):format(what, format.progress {
    done = done, total = phase and phase.total, rate = rate,
    eta = rate and phase and phase.total and (phase.total - done) / rate,
    in_flight = client:stats().in_flight, errors = phase and phase.errors or self.errors,
  }, format.duration(now - self.started))
end

--- tick(client): draws the row if it is due.
function Progress:tick(client)
  local now, width = self.now(), self.width()
  if not width or now - self.started < AFTER or now - self.drawn_at < EVERY then return end
  self.drawn, self.drawn_at = true, now -- before the calls below: Ctrl-C may raise in each of them
  self.out:write("\r\27[K", texts.clip(text(self, client, now), width - 1))
  self.out:flush()
end

--- clear(): removes the row. If Ctrl-C interrupted a call, the next call removes the row.
function Progress:clear()
  if not self.drawn then return end
  self.out:write("\r\27[K")
  self.out:flush()
  self.drawn, self.drawn_at = false, -math.huge
end

--- wait(client): the client calls this to wait for the network.
function Progress:wait(client)
  self:tick(client)
  client:step(EVERY)
end

local function after_progress(self, event)
  local phase = self.phase
  if not phase or phase.type ~= event.type then
    phase = { type = event.type, since = self.now() }
  end
  phase.done, phase.total, phase.errors = event.done, event.total, event.errors
  self.phase = phase
end

local function after_answer(self, call, value, err)
  self.answers = self.answers + 1
  local rows = type(value) == "table" and rawget(value, "results")
  if type(rows) == "table" then self.found = self.found + #rows end
  if err then self.errors = self.errors + 1 end
  if not call.run or call.run.on_event then self:clear() end -- the user's code comes next
end

--- watch(client): subscribes to its hooks.
function Progress:watch(client)
  client:on("request", function(call) self.operation = call.operation end)
  client:on("write", function(call) if not call.run then self:clear() end end)
  client:on("answer", function(...) after_answer(self, ...) end)
  client:on("progress", function(event) after_progress(self, event) end)
  client:on("plan", function() self:clear() end)
  client:on("report", function()
    self.phase = nil
    self:clear()
  end)
end

return M
