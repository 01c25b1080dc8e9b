--- Groups of assets by one of their properties: their number, their size, and the idle part of
-- both.
--
-- Used by `colua stats` and `colua report`. Memory grows with the number of groups, not of assets.

local near_name = require "codeocean.near_name"
local sums = require "codeocean.estate.byte_sum"
local text = require "codeocean.text"

local M = {}

M.NONE = "(none)" -- the group of the assets that lack the property

local function integer(value)
  return type(value) == "number" and math.tointeger(value) or nil
end

local function date(form)
  return function(asset)
    local created = integer(asset.created)
    local ok, shown = pcall(os.date, form, created)
    return created and ok and shown or nil
  end
end

-- The part of a name before its first "_": in most laboratories it is the modality.
local function prefix(asset)
  return type(asset.name) == "string" and asset.name:match "^([^_]+)_" or nil
end

local function field(name)
  return function(asset) return asset[name] end
end

local PROPERTIES = {
  type = field "type", state = field "state", tag = field "tags",
  owner = function(asset) return asset.owner_email or asset.owner end,
  year = date "!%Y", month = date "!%Y-%m", prefix = prefix,
}

--- The names of the properties, beside custom_metadata.KEY.
M.NAMES = { "type", "tag", "owner", "year", "month", "state", "prefix" }

local function property_of(by)
  local key = by:match "^custom_metadata%.(.+)$"
  if not key then return PROPERTIES[by] end
  return function(asset)
    local data = asset.custom_metadata
    return type(data) == "table" and data[key] or nil
  end
end

--- problem(by) -> what is wrong with the name of a property, or nil.
function M.problem(by)
  if property_of(by) then return nil end
  return ("'%s' is not a property; %s"):format(text.escape(by), near_name.hint(by, M.NAMES)
    or "there are " .. table.concat(M.NAMES, ", ") .. ", custom_metadata.KEY")
end

--- is_idle(asset, before) -> whether the asset was not used since that time (epoch seconds). If it
-- was never used, its creation counts.
function M.is_idle(asset, before)
  local used = math.max(integer(asset.last_used) or 0, integer(asset.created) or 0)
  return used > 0 and used < before
end

local Groups = { __name = "codeocean.estate.groups" }
Groups.__index = Groups

--- new(by, idle_before) -> groups. `by`: a valid property, or nil for totals only; idle_before:
-- epoch seconds.
function M.new(by, idle_before)
  return setmetatable({ property = by and property_of(by), idle_before = idle_before, by_key = {},
    total = M.row "total" }, Groups)
end

--- of_year() -> groups with totals only; assets that were not used for a year are idle.
function M.of_year() return M.new(nil, os.time() - 365 * 86400) end

--- row(key) -> a group without assets: {key, count, bytes, idle_count, idle_bytes}; bytes are sums
-- of codeocean.estate.byte_sum.
function M.row(key)
  return { key = key, count = 0, bytes = sums.new(), idle_count = 0, idle_bytes = sums.new() }
end

local function count(row, asset, idle)
  row.count = row.count + 1
  row.bytes:add(asset.size)
  if not idle then return end
  row.idle_count = row.idle_count + 1
  row.idle_bytes:add(asset.size)
end

function Groups:group(key)
  local row = self.by_key[key]
  if not row then
    row = M.row(key)
    self.by_key[key] = row
  end
  return row
end

-- Counts an asset with several tags once in the group of each tag.
local function count_list(self, list, asset, idle)
  local counted = {}
  for _, key in ipairs(list) do
    key = tostring(key)
    if not counted[key] then count(self:group(key), asset, idle) end
    counted[key] = true
  end
  if #list == 0 then count(self:group(M.NONE), asset, idle) end
end

--- add(asset): counts it in its groups and in the total.
function Groups:add(asset)
  local idle = M.is_idle(asset, self.idle_before)
  count(self.total, asset, idle)
  if not self.property then return end
  local value = self.property(asset)
  if type(value) == "table" then return count_list(self, value, asset, idle) end
  count(self:group(value == nil and M.NONE or tostring(value)), asset, idle)
end

--- rows([order]) -> the groups: the largest first, or by "key".
function Groups:rows(order)
  local rows = {}
  for _, row in pairs(self.by_key) do rows[#rows + 1] = row end
  table.sort(rows, function(a, b)
    if order == "key" or not (a.bytes < b.bytes or b.bytes < a.bytes) then return a.key < b.key end
    return b.bytes < a.bytes
  end)
  return rows
end

return M
