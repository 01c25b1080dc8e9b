--- Shows the progress of a command on standard error: on a terminal one line that is overwritten,
-- once a phase takes longer than a second; elsewhere a line every half minute.
--
-- Commands call it between two results. Call clear() before other output to standard error.

local core = require "codeocean.core"
local format = require "codeocean.output.format"
local text = require "codeocean.text"

local M = {}

local PATIENCE = 1 -- seconds of a phase before its first line on a terminal
local EVERY = 0.1  -- seconds between two updates of the line on a terminal
local SELDOM = 30  -- seconds between two lines elsewhere

local Progress = { __name = "codeocean.progress" }
Progress.__index = Progress

--- new(client [, out [, now]]) -> progress. `client` (or nil) tells how many requests are in
-- flight; `out` is a file, standard error by default; `now` a clock in seconds.
function M.new(client, out, now)
  out = out or io.stderr
  local width = core.columns(out)
  return setmetatable({ client = client, out = out, now = now or core.now, width = width,
    every = width and EVERY or SELDOM, first = width and PATIENCE or SELDOM }, Progress)
end

local function line(self, event, now)
  local seconds = now - self.started
  local rate = seconds > 0 and event.done / seconds or nil
  return ("%s  %s"):format(self.phase, format.progress {
    done = event.done, total = event.total, errors = event.errors, rate = rate,
    eta = rate and rate > 0 and event.total and (event.total - event.done) / rate or nil,
    in_flight = self.client and self.client:stats().in_flight,
  })
end

--- show(phase, {done, total, errors}): shows that `done` of `total` (nil: unknown) items are done.
-- A new phase starts its own clock.
function Progress:show(phase, event)
  local now = self.now()
  if phase ~= self.phase then
    self.phase, self.started, self.next = phase, now, now + self.first
  end
  if now < self.next then return end
  self.next = now + self.every
  local shown = line(self, event, now)
  if self.width then shown = "\r\27[K" .. text.clip(shown, self.width - 1) end
  self.out:write(shown, self.width and "" or "\n")
  self.is_shown = self.width ~= nil
end

--- clear(): removes the line, so that other output can take its place.
function Progress:clear()
  if self.is_shown then self.out:write("\r\27[K") end
  self.is_shown = false
end

--- of_searches(client, phase [, out]) -> a progress that shows how many rows the client's searches
-- have returned. Hold it in a <close> variable.
function M.of_searches(client, phase, out)
  local self, rows = M.new(client, out), 0
  self.stop = client:on("answer", function(_, page)
    if type(page) ~= "table" or type(page.results) ~= "table" then return end
    rows = rows + #page.results
    self:show(phase, { done = rows })
  end)
  return self
end

function Progress:__close()
  self:clear()
  if self.stop then self.stop() end
end

return M
