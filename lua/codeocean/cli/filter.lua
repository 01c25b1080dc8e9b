--- Filters that the server applies, as --filter has them: KEY=VALUE, KEY!=VALUE, KEY=a,b, KEY>=N,
-- KEY<=N. Called by the options of commands, and where a search found nothing.

local core = require "codeocean.core"
local dates = require "codeocean.input.date"
local fields = require "codeocean.assets.fields"
local text = require "codeocean.text"

local M = {}

-- The keys that the API names; every other is a key of custom metadata.
local KEYS = { "name", "description", "tags" }

local IS_KEY = {}
for _, key in ipairs(KEYS) do IS_KEY[key] = true end

local IS_FIELD = {}
for _, name in ipairs(fields.NAMES) do IS_FIELD[name] = true end

-- Reading ----------------------------------------------------------------------------------------

-- A number, or a day: its first second for a lower bound, its last for an upper one.
local function bound(operator, value)
  local n = tonumber(value)
  if n then return n end
  return operator == ">=" and dates.seconds(value) or operator == "<=" and dates.last_second(value)
end

--- read(word, split) -> a filter of the search, {key, value | values | range, exclude}; or nil and
-- what is wrong. Blanks around key and values do not count. split(text) -> list of its items.
function M.read(word, split)
  local key, operator, value = word:match "^%s*([^!<>=]-)%s*([!<>]?=)%s*(.-)%s*$"
  if not key or key == "" or value == "" then
    return nil, ("'%s' is not KEY=VALUE, KEY!=VALUE, KEY>=N or KEY<=N"):format(word)
  elseif value:sub(1, 1) == "=" then
    return nil, ("'%s': write one ="):format(word)
  elseif operator == ">=" or operator == "<=" then
    local n = bound(operator, value)
    if not n then
      return nil, ("'%s': '%s' is not a number or a date such as 2024-02-29"):format(word, value)
    end
    return { key = key, range = { [operator == ">=" and "min" or "max"] = n } }
  end
  local list = split(value)
  return { key = key, value = #list < 2 and value or nil, values = #list > 1 and list or nil,
    exclude = operator == "!=" or nil }
end

-- Explaining -------------------------------------------------------------------------------------

local function near_key(key, schema)
  local names = { table.unpack(KEYS) }
  for name in pairs(schema or {}) do names[#names + 1] = name end
  table.sort(names)
  return core.nearest(key, names)
end

local function problem_of_key(key, schema)
  if IS_FIELD[key] then
    return ("filters know %s and custom metadata; --where compares '%s'"):format(
      table.concat(KEYS, ", "), key)
  end
  local near = near_key(key, schema)
  if near then return ("did you mean --filter '%s=…'?"):format(text.escape(near)) end
  return schema and ("custom metadata has no key '%s'; colua fields lists the keys"):format(
    text.escape(key)) or nil
end

-- The hint for a filter that compares a date with a day: a date is a time in seconds. Or nil.
local function problem_of_value(filter, field)
  local day = filter.value and dates.seconds(filter.value) and filter.value
  if field.type ~= "date" or not day then return nil end
  return ("'%s' is a time; --filter '%s>=%s' --filter '%s<=%s' finds that day"):format(
    text.escape(filter.key), text.escape(filter.key), day, text.escape(filter.key), day)
end

--- hint_for_nothing(filters, schema) -> why filters perhaps found nothing, in a line for people; or
-- nil. schema: the fields of custom metadata by name; nil where they are not known.
function M.hint_for_nothing(filters, schema)
  for _, filter in ipairs(filters) do
    local field = schema and schema[filter.key]
    local problem
    if field then
      problem = problem_of_value(filter, field)
    elseif not IS_KEY[filter.key] then
      problem = problem_of_key(filter.key, schema)
    end
    if problem then return "nothing was found: " .. problem end
  end
end

return M
