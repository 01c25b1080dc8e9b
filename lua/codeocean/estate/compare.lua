--- Two lists of assets compared: of one deployment at two times, or of two deployments.
--
-- Called by `colua diff`. Pure. Assets are paired by a key: the id, the name, or any field such as
-- custom_metadata.subject. A key that several assets of one side have pairs nothing: its row says
-- `ambiguous`.

local columns = require "codeocean.output.columns"
local equal = require "codeocean.equal"

local M = {}

--- The fields that are compared.
M.FIELDS = { "name", "description", "tags", "mount", "custom_metadata", "archived" }

-- The values that are equal to an absent field.
local ABSENT = { description = "", tags = {}, custom_metadata = {} }

local function value_of(asset, field)
  if asset[field] == nil then return ABSENT[field] end
  return asset[field]
end

-- The keys of metadata whose values differ, as they are on either side.
local function different_keys(old, new)
  local before, after = {}, {}
  for _, side in ipairs { old, new } do
    for key in pairs(side) do
      if not equal(old[key], new[key]) then before[key], after[key] = old[key], new[key] end
    end
  end
  return before, after
end

--- fields(before, after) -> {field = {before =, after =}} of those that differ, and of
-- custom_metadata the keys that differ; nil if none does.
function M.fields(before, after)
  local fields
  for _, field in ipairs(M.FIELDS) do
    local old, new = value_of(before, field), value_of(after, field)
    if not equal(old, new) then
      fields = fields or {}
      if field == "custom_metadata" then old, new = different_keys(old, new) end
      fields[field] = { before = old, after = new }
    end
  end
  return fields
end

-- The key as text, for it may be a number in one deployment and a text in another; nil for a table,
-- an empty text or no value.
local function key_of(asset, key)
  local value = columns.value(asset, key)
  if type(value) == "table" or value == nil or value == "" then return nil end
  return tostring(value)
end

--- by_key(assets, key) -> {key = list of assets}, and how many assets have no such key. assets: an
-- iterator.
function M.by_key(assets, key)
  local lists, without = {}, 0
  for asset in assets do
    local value = key_of(asset, key)
    if value == nil then
      without = without + 1
    else
      lists[value] = lists[value] or {}
      table.insert(lists[value], asset)
    end
  end
  return lists, without
end

local function row_of(key, from, to)
  local one = (from or to)[1]
  local row = { key = key, id = from and from[1].id, to_id = to and to[1].id, name = one.name }
  if from and #from > 1 or to and #to > 1 then
    row.status, row.id, row.to_id, row.name = "ambiguous", nil, nil, nil
  elseif not to then
    row.status = "deleted"
  elseif not from then
    row.status = "added"
  else
    row.fields = M.fields(from[1], to[1])
    row.status = row.fields and "changed" or nil
  end
  return row.status and row or nil
end

--- rows(from, to) -> list of {key, status = "changed" | "added" | "deleted" | "ambiguous", id,
-- to_id, name, fields}, sorted by key; empty where nothing differs. from, to: as by_key() gives
-- them. An asset that is only in `to` is "added".
function M.rows(from, to)
  local rows, keys = {}, {}
  for key in pairs(from) do keys[#keys + 1] = key end
  for key in pairs(to) do
    if not from[key] then keys[#keys + 1] = key end
  end
  table.sort(keys)
  for _, key in ipairs(keys) do rows[#rows + 1] = row_of(key, from[key], to[key]) end
  return rows
end

return M
