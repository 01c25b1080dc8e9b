--- The creates of a client: those under way, and the ids and names of those done of late.
--
-- Called by codeocean.assets.create. A create whose answer was lost may adopt none of these ids. It
-- looks for assets since it began, so what was created well before all that are under way is
-- forgotten: a program that creates for weeks needs no more memory than one that begins.

local M = {}

local MEMORY = 60   -- seconds: the server's clock may be that far from ours
local FIRST = 256   -- as many ids are never looked through

local Made = {}
Made.__index = Made

--- new([clock]): `clock` gives the time of day in seconds. Creates in tasks that were dropped are
-- never closed: `open` is weak.
function M.new(clock)
  return setmetatable({ clock = clock or os.time, ids = {}, names = {}, count = 0, most = FIRST,
    open = setmetatable({}, { __mode = "k" }) }, Made)
end

local Turn = { __close = function(turn) turn.made.open[turn] = nil end }

--- begin([name]) -> turn: a create of that name begins; to be closed when it is over. turn.since is
-- the time.
function Made:begin(name)
  local turn = setmetatable({ made = self, since = self.clock(), name = name }, Turn)
  self.open[turn] = true
  return turn
end

--- is_open(name) -> whether a create of that name is under way.
function Made:is_open(name)
  for turn in pairs(self.open) do
    if turn.name == name then return true end
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

--- add(id [, name]): an asset was created.
function Made:add(id, name)
  if not self.ids[id] then self.count = self.count + 1 end
  self.ids[id] = self.clock()
  if name ~= nil then self.names[name] = id end
  if self.count > self.most then forget(self) end
end

--- has(id) -> whether it was created here of late.
function Made:has(id)
  return self.ids[id] ~= nil
end

--- named(name) -> the id of the last asset that was created here of late under that name, or nil.
function Made:named(name)
  return self.names[name]
end

return M
