--- Writes one asset for a terminal, a line per field. Escapes text from the server. Called by
-- codeocean.output.value and by commands that show one asset. Pure: width and colours are
-- parameters.

local columns = require "codeocean.output.columns"
local format = require "codeocean.output.format"
local pretty = require "codeocean.output.pretty"
local text = require "codeocean.text"

local M = {}

local WIDEST_LABEL = 24
local CARD = {
  "id", "name", "description", "type", "state", "size", "files", "created", "last_used", "mount",
  "tags",
}

local function card_fields(asset)
  local fields, known = {}, {}
  for _, field in ipairs(CARD) do
    known[field] = true
    if asset[field] ~= nil then fields[#fields + 1] = field end
  end
  local others = {}
  for field in pairs(asset) do
    if not known[field] then others[#others + 1] = tostring(field) end
  end
  table.sort(others)
  return table.move(others, 1, #others, #fields + 1, fields)
end

local function size_text(value)
  local shown = format.size(value)
  if type(value) ~= "number" or shown:find("%d B$") then return shown end
  return ("%s (%s bytes)"):format(shown, text.number(value))
end

local function escaped_lines(value)
  local lines = {}
  for line in (value:gsub("\r\n", "\n") .. "\n"):gmatch("(.-)\n") do
    lines[#lines + 1] = text.escape(line)
  end
  return table.concat(lines, "\n")
end

local function card_value(field, value, room)
  if field == "size" then
    return size_text(value)
  elseif type(value) == "string" then
    return escaped_lines(value)
  elseif field == "tags" or type(value) ~= "table" then
    return columns.new(field).text(value)
  end
  return pretty.value(value, { width = room, depth = 5, length = 50 })
end

local function label_width(fields)
  local width = 0
  for _, field in ipairs(fields) do width = math.max(width, text.width(text.escape(field))) end
  return math.min(width, WIDEST_LABEL)
end

--- asset(asset [, options]) -> text without a line end: a line per field, first the usual fields,
-- then the others by name. Inner tables have sorted keys and a limited size; the lines of a text
-- stay beside its field.
--   options  { width = columns, 80 by default, colour = boolean }
function M.asset(asset, options)
  if type(asset) ~= "table" then error("asset must be a table", 2) end
  options = options or {}
  local fields, paint = card_fields(asset), format.paint(options.colour)
  local width, lines = label_width(fields), {}
  local margin = (" "):rep(width + 2)
  for i, field in ipairs(fields) do
    local value, column = asset[field], columns.new(field)
    local shown = card_value(field, value, (options.width or 80) - width - 2)
    local style = column.paint and column.paint(value)
    if style then shown = paint[style](shown) end
    local label = paint.bold(text.pad(text.clip(text.escape(field), width), width))
    lines[i] = (label .. "  " .. shown:gsub("\n", "\n" .. margin)):gsub(" +$", "")
  end
  return table.concat(lines, "\n")
end

return M
