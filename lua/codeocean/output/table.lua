--- Lays out a table: the width of each column, and its lines. In two steps, so that a long table is
-- measured on its first rows and then written row by row. Called by codeocean.output and the
-- session. Pure.

local columns_of = require "codeocean.output.columns"
local format = require "codeocean.output.format"
local text = require "codeocean.text"

local Table = { __name = "codeocean.table" }
Table.__index = Table

local M = {}

local GAP = "  "

--- The indentation of a value that stands on a line of its own.
M.INDENT = (" "):rep(8)

local function total_width(columns)
  local total = #GAP * (#columns - 1)
  for _, column in ipairs(columns) do total = total + column.width end
  return total
end

local function widest_to_shrink(columns)
  local widest
  for _, column in ipairs(columns) do
    local can = column.shrink and column.width > (column.least or 1)
    if can and (not widest or column.width > widest.width) then widest = column end
  end
  return widest
end

local function shrink(columns, limit)
  local excess = total_width(columns) - limit
  while excess > 0 do
    local column = widest_to_shrink(columns)
    if not column then return false end
    column.width = column.width - 1
    excess = excess - 1
  end
  return true
end

local function restore(columns, limit)
  for _, column in ipairs(columns) do
    column.width = column.shrink and math.min(column.natural, math.max(limit, 1)) or column.natural
  end
end

local function next_to_drop(columns)
  local found
  for i, column in ipairs(columns) do
    if column.drop and (not found or column.drop < columns[found].drop) then found = i end
  end
  return found
end

-- Shrinks the columns that may be cut. If that is not enough, leaves a column out and tries again.
local function fit(self)
  restore(self.columns, self.limit)
  while not shrink(self.columns, self.limit) do
    local i = next_to_drop(self.columns)
    if not i then return end
    table.insert(self.dropped, table.remove(self.columns, i).title)
    restore(self.columns, self.limit)
  end
end

local function cell(column, row)
  return text.escape((column.text(columns_of.value(row, column.field))))
end

local function measure(column, rows)
  local width, all_numbers = text.width(column.title), #rows > 0
  for _, row in ipairs(rows) do
    width = math.max(width, text.width(cell(column, row)))
    local value = columns_of.value(row, column.field)
    all_numbers = all_numbers and (value == nil or type(value) == "number")
  end
  column.natural, column.width = width, width
  if column.right == nil and column.text == columns_of.text then column.right = all_numbers end
end

local function fitted(self, column, shown, width)
  if self.limit and column.shrink then shown = text.clip(shown, width) end
  return text.pad(shown, width, column.right)
end

local SIGNS = { ["+"] = "green", ["-"] = "red" }

-- "+new -old" in colours; a text that does not begin with a sign as it is.
local function signed(paint, shown)
  local style = SIGNS[shown:sub(1, 1)]
  if not style then return shown end
  return (shown:gsub("[^ ]+", function(word)
    style = SIGNS[word:sub(1, 1)] or style
    return paint[style](word)
  end))
end

-- A line of the table, without blanks at its end, which would wrap on a narrow terminal. The column
-- `below` (or nil) is left out, and the column before it gets its room.
local function line_of(self, shown_of, below)
  local parts, last = {}, #self.columns - (below and 1 or 0)
  for i = 1, last do
    local column = self.columns[i]
    local shown, style = shown_of(column)
    local more = i == last and below and #GAP + below.width or 0
    shown = fitted(self, column, shown, column.width + more)
    if i == last then shown = shown:gsub(" +$", "") end
    if column.signs then shown = signed(self.paint, shown) end
    parts[i] = style and self.paint[style](shown) or shown
  end
  return (table.concat(parts, GAP):gsub(" +$", ""))
end

--- header() -> the line of titles.
function Table:header()
  return line_of(self, function(column) return column.title, "bold" end)
end

-- The last column, if its values may stand on lines of their own and the row's value would be cut.
local function column_below(self, row)
  local last = self.columns[#self.columns]
  return last and last.below and self.limit and text.width(cell(last, row)) > last.width and last
end

--- line(row) -> the line of a row, without a line end; or two, see codeocean.output.columns.
function Table:line(row)
  local below = column_below(self, row)
  local line = line_of(self, function(column)
    local style = column.paint and column.paint(columns_of.value(row, column.field))
    return cell(column, row), style
  end, below)
  if not below then return line end
  local shown = text.clip(cell(below, row), self.limit - #M.INDENT)
  return line .. "\n" .. M.INDENT .. signed(self.paint, shown)
end

--- new(columns, sample, options) -> table.
--   columns  a list of names of fields or of columns, or nil for the usual ones of an asset
--   sample   rows that tell how wide the columns are
--   options  { width = columns of the terminal, nil: nothing is cut; colour = boolean }
-- The table has the methods header and line, and `dropped`: the titles of the columns that a narrow
-- terminal has no room for.
function M.new(columns, sample, options)
  local self = setmetatable({
    columns = columns_of.list(columns), limit = options.width, dropped = {},
    paint = format.paint(options.colour),
  }, Table)
  for _, column in ipairs(self.columns) do measure(column, sample) end
  if self.limit then fit(self) end
  return self
end

--- render(rows [, fields [, options]]) -> the table as text without a line end, and the titles of
-- the default columns that were left out for lack of room.
--   rows     a list of tables
--   fields   a list of names of fields ("size", "custom_metadata.subject") or of columns, or nil
--            for id, name, type, state, size, created and tags
--   options  { width = columns of the terminal, colour = boolean }; without a width nothing is cut
-- Text that is too wide is cut; ids never are.
function M.render(rows, fields, options)
  if type(rows) ~= "table" then error("rows must be a list of tables", 2) end
  local layout = M.new(fields, rows, options or {})
  local lines = { layout:header() }
  for i, row in ipairs(rows) do lines[i + 1] = layout:line(row) end
  return table.concat(lines, "\n"), layout.dropped
end

return M
