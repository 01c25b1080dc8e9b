--- How tags are used: which ones are probably spellings of the same tag, and which occur together.
-- Used by `colua report`.
--
-- Memory: one packed number for each use of a tag; 20 MB for 10^6 assets with five tags each.

local ascii = require "codeocean.ascii"

local M = {}

local CHUNK = 4096 -- numbers that are packed at a time
local NUMBER = "<I4"
local END = 0      -- ends the tags of an asset

local TagUse = { __name = "codeocean.estate.tag_use" }
TagUse.__index = TagUse

--- new() -> an empty count.
function M.new()
  return setmetatable({ numbers = {}, names = {}, counts = {}, chunks = {}, open = {} }, TagUse)
end

function TagUse:number(name)
  local number = self.numbers[name]
  if not number then
    number = #self.names + 1
    self.numbers[name], self.names[number], self.counts[number] = number, name, 0
  end
  return number
end

local function pack(self)
  self.chunks[#self.chunks + 1] = NUMBER:rep(#self.open):pack(table.unpack(self.open))
  self.open = {}
end

--- add(tags): counts the tags of one asset, each once. Ignores values that are not strings.
function TagUse:add(tags)
  local counted = {}
  for _, name in ipairs(type(tags) == "table" and tags or {}) do
    if type(name) == "string" and not counted[name] then
      local number = self:number(name)
      counted[name] = true
      self.counts[number] = self.counts[number] + 1
      self.open[#self.open + 1] = number
    end
  end
  self.open[#self.open + 1] = END
  if #self.open >= CHUNK then pack(self) end
end

--- most_used(n) -> the n tags used most: {{name, count}}, the first most.
function TagUse:most_used(n)
  local list = {}
  for number, name in ipairs(self.names) do list[number] = { name, self.counts[number] } end
  table.sort(list, function(a, b)
    if a[2] ~= b[2] then return a[2] > b[2] end
    return a[1] < b[1]
  end)
  return table.move(list, 1, math.min(n, #list), 1, {})
end

-- A tag without case, blanks, "_", ".", "-" and plural s: equal for spellings of the same tag.
local function spelling(name)
  local plain = ascii.lower(name):gsub("[%s_.-]+", "")
  return #plain > 3 and plain:gsub("s$", "") or plain
end

--- alike() -> lists of tags that are probably spellings of the same tag, {{name, count}, …}, the
-- commonest first.
function TagUse:alike()
  local by_spelling, groups = {}, {}
  for _, entry in ipairs(self:most_used(#self.names)) do
    local key = spelling(entry[1])
    local group = by_spelling[key]
    if not group then
      by_spelling[key] = { entry }
    else
      group[#group + 1] = entry
      if #group == 2 then groups[#groups + 1] = group end
    end
  end
  return groups
end

-- Calls each(list of the numbers of an asset) for all assets.
local function scan(self, each)
  pack(self)
  local own = {}
  for _, chunk in ipairs(self.chunks) do
    for position = 1, #chunk, 4 do
      local number = NUMBER:unpack(chunk, position)
      if number == END then
        each(own)
        own = {}
      else
        own[#own + 1] = number
      end
    end
  end
end

--- together(n) -> the names of the n tags used most, and counts[i][j], the number of assets with
-- both the i-th and the j-th.
function TagUse:together(n)
  local names, place, counts = {}, {}, {}
  for i, entry in ipairs(self:most_used(n)) do
    names[i], counts[i] = entry[1], {}
    place[self.numbers[entry[1]]] = i
  end
  for i = 1, #names do for j = 1, #names do counts[i][j] = 0 end end
  scan(self, function(own)
    for _, a in ipairs(own) do
      local i = place[a]
      for _, b in ipairs(i and own or {}) do
        local j = place[b]
        if j then counts[i][j] = counts[i][j] + 1 end
      end
    end
  end)
  return names, counts
end

return M
