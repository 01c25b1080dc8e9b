--- A survey: one pass over an estate that collects the figures of `colua report`, without keeping
-- the assets.
--
-- Memory grows with the numbers of assets (a hash each), tags and groups.

local core = require "codeocean.core"
local groups = require "codeocean.estate.groups"
local sums = require "codeocean.estate.byte_sum"
local tag_use = require "codeocean.estate.tag_use"

local M = {}

local LARGEST = 50  -- most idle assets in the list
local NOT_READY = 100 -- most drafts and failures in the list

local Survey = { __name = "codeocean.estate.survey" }
Survey.__index = Survey

--- new(idle_before) -> an empty survey. idle_before: epoch seconds.
function M.new(idle_before)
  local self = { idle_before = idle_before, months = {}, names = {}, repeated = {}, idle = {},
    not_ready = {}, not_ready_count = 0, keys = {}, with_metadata = 0, tag_use = tag_use.new() }
  for _, by in ipairs { "type", "owner", "tag", "state" } do
    self["by_" .. by] = groups.new(by, idle_before)
  end
  return setmetatable(self, Survey)
end

-- months[month][type] = sum of bytes
local function add_month(self, asset)
  local created = math.type(asset.created) == "integer" and asset.created
  local ok, month = pcall(os.date, "!%Y-%m", created or nil)
  if not (created and ok) then return end
  local by_type = self.months[month] or {}
  local kind = tostring(asset.type or groups.NONE)
  by_type[kind] = by_type[kind] or sums.new()
  by_type[kind]:add(asset.size)
  self.months[month] = by_type
end

-- Keeps only the hash of a name that was seen once: names are most of an estate's bytes.
local function add_name(self, name)
  if type(name) ~= "string" then return end
  local hash = core.fnv(name)
  if self.names[hash] then self.repeated[name] = (self.repeated[name] or 1) + 1 end
  self.names[hash] = true
end

local function copy_of(asset)
  return { id = asset.id, name = asset.name, size = asset.size, last_used = asset.last_used,
    created = asset.created, state = asset.state, reason = asset.failure_reason }
end

-- Puts an asset into the sorted list, which keeps at most LARGEST.
local function keep_largest(list, asset)
  local size = math.type(asset.size) == "integer" and asset.size or 0
  if #list == LARGEST and size <= list[LARGEST].size then return end
  local place = 1
  while list[place] and list[place].size >= size do place = place + 1 end
  local copy = copy_of(asset)
  copy.size = size
  table.insert(list, place, copy)
  list[LARGEST + 1] = nil
end

local function add_state(self, asset)
  if asset.state == nil or asset.state == "ready" then return end
  self.not_ready_count = self.not_ready_count + 1
  if #self.not_ready < NOT_READY then self.not_ready[#self.not_ready + 1] = copy_of(asset) end
end

local function add_metadata(self, data)
  if type(data) ~= "table" or next(data) == nil then return end
  self.with_metadata = self.with_metadata + 1
  for key in pairs(data) do self.keys[key] = (self.keys[key] or 0) + 1 end
end

--- add(asset): counts one asset.
function Survey:add(asset)
  for _, by in ipairs { "type", "owner", "tag", "state" } do self["by_" .. by]:add(asset) end
  self.tag_use:add(asset.tags)
  add_month(self, asset)
  add_name(self, asset.name)
  if groups.is_idle(asset, self.idle_before) then keep_largest(self.idle, asset) end
  add_state(self, asset)
  add_metadata(self, asset.custom_metadata)
end

--- The number of assets, and all sums: a group as codeocean.estate.groups has them.
function Survey:total() return self.by_type.total end

--- duplicates() -> {{name, count}} of the names that several assets have, the commonest first.
function Survey:duplicates()
  local list = {}
  for name, count in pairs(self.repeated) do list[#list + 1] = { name, count } end
  table.sort(list, function(a, b)
    if a[2] ~= b[2] then return a[2] > b[2] end
    return a[1] < b[1]
  end)
  return list
end

--- metadata() -> {{key, count}} of the keys of custom metadata, the commonest first.
function Survey:metadata()
  local list = {}
  for key, count in pairs(self.keys) do list[#list + 1] = { key, count } end
  table.sort(list, function(a, b)
    if a[2] ~= b[2] then return a[2] > b[2] end
    return tostring(a[1]) < tostring(b[1])
  end)
  return list
end

--- growth() -> the months, sorted, from the first to the last without a gap; the types, the largest
-- first; and bytes(month, type) as a float.
function Survey:growth()
  local months, types = {}, {}
  for month in pairs(self.months) do months[#months + 1] = month end
  table.sort(months)
  for i, row in ipairs(self.by_type:rows()) do types[i] = row.key end
  local function bytes(month, kind)
    local sum = (self.months[month] or {})[kind]
    return sum and sum:approximately() or 0
  end
  return M.without_gaps(months), types, bytes
end

--- without_gaps(months) -> every month from the first to the last of a sorted list of "YYYY-MM".
function M.without_gaps(months)
  local first, last = months[1], months[#months]
  if not first then return {} end
  local list, year, month = {}, tonumber(first:sub(1, 4)), tonumber(first:sub(6))
  repeat
    list[#list + 1] = ("%04d-%02d"):format(year, month)
    month = month + 1
    if month > 12 then year, month = year + 1, 1 end
  until list[#list] >= last
  return list
end

return M
