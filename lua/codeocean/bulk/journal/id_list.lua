--- A list of ids, each once, in 16 bytes an id: a run over a million assets keeps all of them.
--
-- Owned by a run and by the reader of its journal. Ids are added in any spelling and come back in
-- the canonical one. Until seal(), the list also keeps a set of all ids.

local core = require "codeocean.core"
local object = require "codeocean.object"

local M = {}

local CHUNK = 1000 -- ids in one string

local IdList, metatable = object.class "codeocean.bulk.journal.id_list"

--- new() -> an empty list.
function M.new()
  return setmetatable({ count = 0, chunks = {}, open = {}, seen = {} }, metatable)
end

-- Adds an id to a set; false if the set has it. The set is keyed by the first half of an id; the
-- value is the second half, or the set of second halves.
local function remember(seen, packed)
  local key, rest = ("<i8i8"):unpack(packed)
  local known = seen[key]
  if known == nil then
    seen[key] = rest
    return true
  end
  if type(known) ~= "table" then
    known = { [known] = true }
    seen[key] = known
  end
  if known[rest] then return false end
  known[rest] = true
  return true
end

--- add(id) -> true if it was added, false if the list has it already; nil for a text that is not an
-- id.
function IdList:add(given)
  local packed = core.packed_id(given)
  if not packed then return nil end
  if not remember(self.seen, packed) then return false end
  self.count = self.count + 1
  self.open[#self.open + 1] = packed
  if #self.open == CHUNK then
    self.chunks[#self.chunks + 1] = table.concat(self.open)
    self.open = {}
  end
  return true
end

--- seal(): frees the set; no id may be added after it.
function IdList:seal() self.seen = nil end

--- has(id) -> whether it is in the list; not after seal().
function IdList:has(given)
  local packed = core.packed_id(given)
  if not packed then return false end
  local key, rest = ("<i8i8"):unpack(packed)
  local known = self.seen[key]
  if type(known) == "table" then return known[rest] == true end
  return known == rest
end

-- The string of packed ids that has the i-th id, and the id's place in it.
local function place_of(self, i)
  local chunk, at = (i - 1) // CHUNK + 1, (i - 1) % CHUNK + 1
  if self.chunks[chunk] then return self.chunks[chunk], at end
  return self.open[at], 1
end

--- get(i) -> the i-th id; nil behind the last.
function IdList:get(i)
  if i < 1 or i > self.count then return nil end
  return core.unpacked_id(place_of(self, i))
end

--- hash() -> a text that differs for lists of different ids, or of the same ids in another order.
function IdList:hash()
  local h = 0xcbf29ce484222325
  for i = 1, self.count do
    local packed, at = place_of(self, i)
    local first, second = ("<i8i8"):unpack(packed, at * 16 - 15)
    h = ((h ~ first) * 0x100000001b3 ~ second) * 0x100000001b3
  end
  return ("%016x"):format(h)
end

return M
