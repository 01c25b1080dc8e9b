-- What a terminal shows of assets and of other values: the face of text, format, pretty and grid.
-- Everything that comes from the server is escaped on its way. Pure: widths, colours and the
-- environment are parameters.

local columns = require "codeocean.display.columns"
local format = require "codeocean.display.format"
local grid = require "codeocean.display.grid"
local pretty = require "codeocean.display.pretty"
local text = require "codeocean.display.text"

local M = {
  escape = text.escape, width = text.width, clip = text.clip,
  size = format.size, time = format.time, duration = format.duration,
  progress = format.progress, colours = format.colours, paint = format.paint,
}

local SHOWN_ROWS = 20
local WIDEST_LABEL = 24
local CARD = {
  "id", "name", "description", "type", "state", "size", "files", "created", "last_used", "mount",
  "tags",
}

-- Rows as a table with a line of titles.
--   rows     a list of tables
--   fields   a list of names of fields ("size", "custom_metadata.subject") or of columns, or nil
--            for id, name, type, state, size, created and tags
--   options  { width = columns of the terminal, colour = boolean }; without a width nothing is cut
-- Text that is too wide is cut, ids never. Returns the text without a line end, and the titles of
-- those default columns that had to be left out for want of room.
function M.table(rows, fields, options)
  if type(rows) ~= "table" then error("rows must be a list of tables", 2) end
  local layout = grid.new(fields, rows, options or {})
  local lines = { layout:header() }
  for i, row in ipairs(rows) do lines[i + 1] = layout:line(row) end
  return table.concat(lines, "\n"), layout.dropped
end

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

-- One asset, a line per field: first the usual fields, then all others by name. Tables within are
-- shown with sorted keys and within limits; a text of several lines stays beside its field.
--   options  { width = columns, 80 by default, colour = boolean }
-- Returns the text without a line end.
function M.card(asset, options)
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

local function is_asset(value)
  return type(value) == "table" and type(rawget(value, "id")) == "string"
    and (rawget(value, "name") ~= nil or rawget(value, "state") ~= nil)
end

local function is_list_of_assets(value)
  if type(value) ~= "table" or not is_asset(rawget(value, 1)) then return false end
  for i = 2, math.min(#value, SHOWN_ROWS) do
    if not is_asset(value[i]) then return false end
  end
  return true
end

local function asset_list(list, options)
  local limit = options.rows or SHOWN_ROWS
  local shown = M.table(table.move(list, 1, math.min(#list, limit), 1, {}), nil, options)
  if #list <= limit then return shown end
  return ("%s\n… %d more"):format(shown, #list - limit)
end

local function page_note(page)
  local note = ("%d shown"):format(#page.results)
  if page.total then note = ("%s of %s"):format(note, columns.text(page.total)) end
  return page.has_more and note .. ", there are more pages" or note
end

-- Any value as an interactive session shows it: an asset as a card, a list of assets as a table of
-- its first rows, a page of a search as a table with its totals, all else as Lua writes it.
--   options  { width = columns, colour = boolean, rows = of a list of assets, 20 } and those of
--            codeocean.display.pretty: depth, length, lines
-- Returns the text without a line end.
function M.value(value, options)
  options = options or {}
  if is_asset(value) then
    return M.card(value, options)
  elseif is_list_of_assets(value) then
    return asset_list(value, options)
  elseif type(value) == "table" and is_list_of_assets(rawget(value, "results")) then
    return asset_list(value.results, options) .. "\n" .. page_note(value)
  end
  return pretty.value(value, options)
end

return M
