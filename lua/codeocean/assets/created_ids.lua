--- The creates of a client: those under way, and the ids and names of recent ones.
--
-- Called by codeocean.assets.create. A create whose answer was lost must not adopt one of these
-- ids. It searches assets created since it began, so ids from well before the oldest create under
-- way are dropped: memory stays bounded however long a program runs.

local system = require "codeocean.lua.system"

local M = {}

local MEMORY = 60   -- seconds that the server's clock may differ from ours
local FIRST = 256   -- number of ids below which none is dropped

local Log = {}
Log.__index = Log

--- new([clock]): `clock` returns the time of day in seconds. `open` is weak, since creates in
-- abandoned tasks are never closed.
function M.new(clock)
  return setmetatable({ clock = clock or system.time, ids = {}, names = {}, count = 0, most = FIRST,
    open = setmetatable({}, { __mode = "k" }) }, Log)
end

local Turn = { __close = function(turn) turn.log.open[turn] = nil end }

--- begin([name]) -> an entry for a create of that name, to be closed when it is over; its `since`
-- is the time.
function Log:begin(name)
  local turn = setmetatable({ log = self, since = self.clock(), name = name }, Turn)
  self.open[turn] = true
  return turn
end

--- is_open(name [, own]) -> whether a create of that name is under way, other than that of the
-- entry `own`.
function Log:is_open(name, own)
  for turn in pairs(self.open) do
    if turn.name == name and turn ~= own then return true end
  end
  return false
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
  for name, id in pairs(self.names) do
    if not self.ids[id] then self.names[name] = nil end
  end
  self.most = math.max(FIRST, 2 * self.count)
end

--- add(id [, name]): records an asset that was created.
function Log:add(id, name)
  if not self.ids[id] then self.count = self.count + 1 end
  self.ids[id] = self.clock()
  if name ~= nil then self.names[name] = id end
  if self.count > self.most then forget(self) end
end

--- has(id) -> whether this client created it recently.
function Log:has(id)
  return self.ids[id] ~= nil
end

--- named(name) -> the id of the last asset of that name that this client created recently, or nil.
function Log:named(name)
  return self.names[name]
end

return M
