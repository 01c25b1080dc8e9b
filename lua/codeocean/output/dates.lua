--- Dates of custom metadata as days. In an asset they are seconds since 1970; the deployment's
-- schema says which keys are dates. Called where an asset is shown to people: cards and tables of
-- the commands, and the session. JSON, CSV and TSV keep the numbers.

local format = require "codeocean.output.format"

local M = {}

local function is_list(value) return type(value) == "table" and value[1] ~= nil end

local function has_number(value)
  return type(value) == "number" or is_list(value) and type(value[1]) == "number"
end

local function may_have_dates(metadata)
  for _, value in pairs(type(metadata) == "table" and metadata or {}) do
    if has_number(value) then return true end
  end
  return false
end

local function day(value) return type(value) == "number" and format.day(value) or value end

-- A value of a date's key as it is shown.
local function shown(value)
  if not is_list(value) then return day(value) end
  local days = {}
  for i, item in ipairs(value) do days[i] = day(item) end
  return days
end

-- A copy of a table, with its metatable.
local function copy_of(original)
  local own = setmetatable({}, getmetatable(original))
  for key, value in next, original do own[key] = value end
  return own
end

local function with_days(asset, dates)
  local own = copy_of(asset)
  own.custom_metadata = copy_of(asset.custom_metadata)
  for key in pairs(dates) do own.custom_metadata[key] = shown(asset.custom_metadata[key]) end
  return own
end

--- reader(schema) -> function(asset) -> the asset to show: itself, or a copy whose dates are texts
-- such as "2024-02-29". schema: of codeocean.assets.schema. It is asked for once, when the first
-- asset with a number in its metadata comes; where it cannot be read, numbers stay numbers.
function M.reader(schema)
  local asked = false
  return function(asset)
    if not may_have_dates(rawget(asset, "custom_metadata")) then return asset end
    if not asked then
      asked = true
      schema:load()
    end
    local dates = schema:dates()
    return dates and with_days(asset, dates) or asset
  end
end

return M
