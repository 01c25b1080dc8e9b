--- The callers of a client that wait in its `wait` hook.
--
-- Another caller's step may collect what one of them waits for. The client then nudges the engine:
-- its descriptor is readable until each caller that waited at that time has returned from the hook.
-- The callers are kept in the order in which they began to wait. So if any of them waited at the
-- last nudge, the oldest did.

local object = require "codeocean.object"

local M = {}

local Pollers, Metatable = object.class "codeocean.tasks.pollers"

--- new() -> a list of no callers.
function M.new()
  return setmetatable({
    threads = setmetatable({}, { __mode = "v" }), -- place -> coroutine; a dropped one vanishes
    began = {},       -- place -> the nudges before it began to wait
    first = 1, last = 0, nudges = 0,
    nudged = false,   -- whether the engine is nudged now
  }, Metatable)
end

function Pollers:enter()
  local place = self.last + 1
  self.last = place
  self.threads[place], self.began[place] = coroutine.running(), self.nudges
  return place
end

--- poll(wait, client): calls the hook for the running coroutine. Raises what the hook raises.
function Pollers:poll(wait, client)
  local place = self:enter()
  local ok, problem = pcall(wait, client)
  self.threads[place], self.began[place] = nil, nil
  if not ok then error(problem, 0) end
end

--- oldest() -> the place of the caller that waits longest; nil if none waits.
function Pollers:oldest()
  for place = self.first, self.last do
    local thread = self.threads[place]
    if thread and coroutine.status(thread) ~= "dead" then return place end
    self.began[place] = nil
    self.first = place + 1
  end
end

--- nudge() -> whether somebody waits, so that the engine is to be nudged.
function Pollers:nudge()
  if not self:oldest() then return false end
  self.nudges, self.nudged = self.nudges + 1, true
  return true
end

--- all_woken() -> true once all have returned that waited at the last nudge: it ends now.
function Pollers:all_woken()
  if not self.nudged then return false end
  local oldest = self:oldest()
  self.nudged = oldest ~= nil and self.began[oldest] < self.nudges
  return not self.nudged
end

return M
