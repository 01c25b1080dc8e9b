--- A list of ids, each once, in 16 bytes an id: a run over a million assets keeps all of them.
--
-- Owned by a run and by the reader of its journal. Ids are added in any spelling and come back in
-- the canonical one. While ids are added, a set of all of them exists too; seal() lets go of it.

local ids = require "codeocean.ids"
local object = require "codeocean.object"

local M = {}

local CHUNK = 1000 -- ids in one string

local IdList, metatable = object.class "codeocean.bulk.journal.id_list"

--- new() -> an empty list.
function M.new()
  return setmetatable({ count = 0, chunks = {}, open = {}, seen = {} }, metatable)
end

local function pack(id)
  local digits = id:gsub("-", "")
  return (">i8i8"):pack(tonumber(digits:sub(1, 16), 16), tonumber(digits:sub(17), 16))
end

-- The set is keyed by the first half of an id; the value is the second half, or the set of them.
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

--- add(id) -> whether the list did not have it yet; nil for what is not an id.
function IdList:add(given)
  local id = ids.canonical(given)
  if not id then return nil end
  local packed = pack(id)
  if not remember(self.seen, packed) then return false end
  self.count = self.count + 1
  self.open[#self.open + 1] = packed
  if #self.open == CHUNK then
    self.chunks[#self.chunks + 1] = table.concat(self.open)
    self.open = {}
  end
  return true
end

--- seal(): no id is added any more.
function IdList:seal() self.seen = nil end

--- has(id) -> whether it is in the list; not after seal().
function IdList:has(given)
  local id = ids.canonical(given)
  if not id then return false end
  local key, rest = ("<i8i8"):unpack(pack(id))
  local known = self.seen[key]
  if type(known) == "table" then return known[rest] == true end
  return known == rest
end

local GROUPS, SHAPE = ">I4I2I2I2I6", "%08x-%04x-%04x-%04x-%012x"

local function packed_at(self, i)
  local chunk, at = (i - 1) // CHUNK + 1, (i - 1) % CHUNK
  if not self.chunks[chunk] then return self.open[at + 1] end
  return self.chunks[chunk]:sub(at * 16 + 1, at * 16 + 16)
end

--- get(i) -> the i-th id; nil behind the last.
function IdList:get(i)
  if i < 1 or i > self.count then return nil end
  return SHAPE:format(GROUPS:unpack(packed_at(self, i)))
end

--- hash() -> a text that differs for two lists of other ids, or of another order.
function IdList:hash()
  local h = 0xcbf29ce484222325
  for i = 1, self.count do
    local first, second = ("<i8i8"):unpack(packed_at(self, i))
    h = ((h ~ first) * 0x100000001b3 ~ second) * 0x100000001b3
  end
  return ("%016x"):format(h)
end

return M
