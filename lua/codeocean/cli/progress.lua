--- How far a command has come, on standard error: on a terminal one line that is written over,
-- elsewhere a line now and then.

local core = require "codeocean.core"
local format = require "codeocean.output.format"
local text = require "codeocean.output.text"

local M = {}

local EVERY = 0.1        -- seconds between two looks of a terminal's line
local SELDOM = 30        -- seconds between two lines elsewhere

local Progress = { __name = "codeocean.progress" }
Progress.__index = Progress

--- new(client) -> progress. `client` tells what is in flight, or is nil; `out` (standard error) and
-- `now` (seconds) are parameters for specs.
function M.new(client, out, now)
  out = out or io.stderr
  local width = core.columns(out)
  return setmetatable({ client = client, out = out, now = now or core.now, width = width,
    every = width and EVERY or SELDOM }, Progress)
end

local function line(self, event, now)
  local seconds = now - self.started
  local rate = seconds > 0 and event.done / seconds or nil
  return ("%s  %s"):format(self.what, format.progress {
    done = event.done, total = event.total, errors = event.errors, rate = rate,
    eta = rate and rate > 0 and event.total and (event.total - event.done) / rate or nil,
    in_flight = self.client and self.client:stats().in_flight,
  })
end

--- show(what, {done, total, errors}): `what` is done names the phase; a new phase starts its own
-- clock.
function Progress:show(what, event)
  local now = self.now()
  if what ~= self.what then
    self.what, self.started, self.last = what, now, self.width and -math.huge or now
  end
  if now - self.last < self.every then return end
  self.last = now
  local shown = line(self, event, now)
  if self.width then shown = "\r\27[K" .. text.clip(shown, self.width - 1) end
  self.out:write(shown, self.width and "" or "\n")
  self.shown = self.width ~= nil
end

--- clear(): takes the line away, for what is to be written in its place.
function Progress:clear()
  if self.shown then self.out:write("\r\27[K") end
  self.shown = false
end

return M
