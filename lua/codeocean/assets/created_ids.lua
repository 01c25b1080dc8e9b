--- The ids that a client created of late, which no create whose answer was lost may adopt. Such a
-- one looks for assets since it began, so what was made well before all that are under way is
-- forgotten: a program that creates for weeks needs no more memory than one that begins.

local M = {}

local MEMORY = 60   -- seconds: the server's clock may be that far from ours
local FIRST = 256   -- as many ids are never looked through

local Made = {}
Made.__index = Made

--- `clock` gives the time of day in seconds. Creates in tasks that were dropped are never closed:
-- `open` is weak.
function M.new(clock)
  return setmetatable({ clock = clock or os.time, ids = {}, count = 0, most = FIRST,
    open = setmetatable({}, { __mode = "k" }) }, Made)
end

local Turn = { __close = function(turn) turn.made.open[turn] = nil end }

--- A create begins; to be closed when it is over. turn.since is the time.
function Made:begin()
  local turn = setmetatable({ made = self, since = self.clock() }, Turn)
  self.open[turn] = true
  return turn
end

local function oldest(self)
  local since = self.clock()
  for turn in pairs(self.open) do since = math.min(since, turn.since) end
  return since
end

local function forget(self)
  local limit = oldest(self) - MEMORY
  for id, at in pairs(self.ids) do
    if at < limit then
      self.ids[id] = nil
      self.count = self.count - 1
    end
  end
  self.most = math.max(FIRST, 2 * self.count)
end

function Made:add(id)
  if not self.ids[id] then self.count = self.count + 1 end
  self.ids[id] = self.clock()
  if self.count > self.most then forget(self) end
end

function Made:has(id)
  return self.ids[id] ~= nil
end

return M
