--- The columns of tables: how each field of an asset is titled, written and fitted.
--
-- Called by the layout of tables, by CSV and by cards. Pure.
-- A column is { field, title, text = function(value) -> string, right = bool, shrink = bool,
-- least = columns, drop = rank, paint = function(value) -> name of a style, below = whether a value
-- that would be cut stands on a line of its own, signs = whether +words are green and -words red }.

local ascii = require "codeocean.ascii"
local format = require "codeocean.output.format"
local pretty = require "codeocean.output.pretty"
local text = require "codeocean.text"

local M = {}

M.DEFAULT = { "id", "name", "type", "state", "size", "created", "tags" }

local STATE_STYLE = { ready = "green", draft = "yellow", failed = "red" }

local function state_style(value) return STATE_STYLE[value] end

local function tag_text(tag)
  local shown = text.escape(tag)
  return shown:find(",", 1, true) and '"' .. shown .. '"' or shown
end

--- is_list(t, test) -> whether a table is a list whose items all pass the test. {} is one.
function M.is_list(t, test)
  local count = 0
  for _, item in pairs(t) do
    count = count + 1
    if not test(item) then return false end
  end
  return count == #t
end

local function is_string(value) return type(value) == "string" end

local function joined(list)
  local items = {}
  for i, item in ipairs(list) do items[i] = tag_text(item) end
  return table.concat(items, ", ")
end

--- text(value) -> a field's value in one line, without control characters.
function M.text(value)
  if value == nil then
    return ""
  elseif type(value) == "string" then
    return text.escape(value)
  elseif type(value) == "number" then
    return text.number(value)
  elseif type(value) == "table" then
    return M.is_list(value, is_string) and joined(value)
      or pretty.value(value, { width = math.maxinteger, depth = 4 })
  end
  return text.escape(tostring(value))
end

-- On a narrow terminal the column with the lowest rank in `drop` is left out first. Ids are never
-- cut.
local KNOWN = {
  id = {},
  name = { shrink = true, least = 16 },
  description = { shrink = true, least = 16 },
  mount = { shrink = true, least = 8 },
  tags = { shrink = true, least = 10, drop = 5 },
  type = { drop = 1 },
  created = { text = format.time, drop = 2 },
  last_used = { text = format.time },
  last_transferred = { text = format.time },
  size = { text = format.size, right = true, drop = 3 },
  state = { paint = state_style, drop = 4 },
  files = { right = true },
  change = { shrink = true, least = 8, below = true, signs = true },
}

local function guess(field)
  if field:find("%f[%w]id$") or field:find("_id$") then return {} end
  return { shrink = true, least = 8 }
end

--- new(spec [, may_drop]) -> column, complete.
--   spec  the name of a field, or a table with `field` and any other entry of a column
--   may_drop  whether a narrow terminal may leave the column out
function M.new(spec, may_drop)
  if type(spec) == "string" then spec = { field = spec } end
  if type(spec) ~= "table" or type(spec.field) ~= "string" then
    error("a column is the name of a field or a table with the entry field", 2)
  end
  local column = { title = ascii.upper((spec.field:gsub("_", " "))), text = M.text }
  for key, value in pairs(KNOWN[spec.field] or guess(spec.field)) do column[key] = value end
  if not may_drop then column.drop = nil end
  for key, value in pairs(spec) do column[key] = value end
  return column
end

--- list(specs) -> columns, from a list of names and tables; nil: the usual ones of an asset. Only
-- the usual ones may be left out on a narrow terminal: a field that the user names is always shown.
function M.list(specs)
  if specs ~= nil and type(specs) ~= "table" then
    error("columns must be a list of names or tables, or nil", 2)
  end
  local columns = {}
  for i, spec in ipairs(specs or M.DEFAULT) do columns[i] = M.new(spec, not specs) end
  return columns
end

--- value(row, field) -> the field of exactly that name, else the value at a path with dots
-- ("custom_metadata.subject"); nil if there is none.
function M.value(row, field)
  if row[field] ~= nil or not field:find(".", 1, true) then return row[field] end
  local value = row
  for name in field:gmatch("[^.]+") do
    if type(value) ~= "table" then return nil end
    value = value[name]
  end
  return value
end

return M
