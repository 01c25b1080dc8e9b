--- Reads sheets: tables of values with a line of titles, from a spreadsheet (CSV, TSV) or as JSON
-- objects. Gives rows with their lines, cells in the types of their columns, and a complaint for
-- whatever cannot be used. Called by codeocean.input.create_requests and
-- codeocean.input.update_rows, and by scripts. What must hold: a sheet with an unknown column is
-- refused, since its values were meant to be written.

require "codeocean.lua.version"

local cells = require "codeocean.input.cell"
local core = require "codeocean.core"
local header = require "codeocean.input.header"
local close_after = require "codeocean.lua.close_after"
local options_reader = require "codeocean.options"
local rows_of = require "codeocean.input.rows"
local text = require "codeocean.text"

local M = {}

local LONGEST_EXCERPT = 60

--- The value of a cell `\N`: the field is to be cleared.
M.CLEAR = cells.CLEAR

-- The types of columns (codeocean.input.cell).
M.text, M.flag, M.list, M.scalar, M.id = cells.text, cells.flag, cells.list, cells.scalar, cells.id
M.any = cells.any

-- Columns ----------------------------------------------------------------------------------------

-- Whether a column stands for all titles with its beginning, as custom_metadata.* does.
local function is_group(title) return title:find "%.%*$" ~= nil end

local function group_name(title) return (title:gsub("%.%*$", "")) end

-- The columns by the keys of their titles, without groups.
local function index(columns)
  local by_key = {}
  for _, column in ipairs(columns) do
    local own = { name = column[1], read = column[2] }
    for i, title in ipairs(column) do
      if i ~= 2 and not is_group(title) then by_key[header.key(title)] = own end
    end
  end
  return by_key
end

local function column_of(columns, by_key, title)
  local known = by_key[header.key(title)]
  if known then return known end
  local first, rest = title:match "^%s*([^.]+)%.%s*(.-)%s*$"
  for _, column in ipairs(columns) do
    local group = is_group(column[1]) and group_name(column[1])
    if group and first and rest ~= "" and header.key(first) == header.key(group) then
      return { name = group, read = column[2], key = rest }
    end
  end
end

-- The titles that messages propose: those of columns that are not hidden.
local function titles_of(columns)
  local titles = {}
  for _, column in ipairs(columns) do
    if not column.hidden then titles[#titles + 1] = (column[1]:gsub("%.%*$", ".KEY")) end
  end
  return titles
end

--- unknown(columns, title) -> the message about an unknown title, with the near title.
function M.unknown(columns, title)
  local titles = titles_of(columns)
  local near = core.nearest(title, titles)
  local shown = text.clip(text.escape(title), LONGEST_EXCERPT)
  if near then return ('no column is called "%s"; did you mean "%s"?'):format(shown, near) end
  return ('no column is called "%s"; there are %s'):format(shown, table.concat(titles, ", "))
end

-- A column without a title, or with the title that pandas gives it, holds row numbers.
local function is_untitled(title)
  return title == "" or title:find "^Unnamed: %d+$" ~= nil
end

-- The column of each title, by its place; or nil and what is wrong with the titles.
local function placed(columns, by_key, names)
  local places, problems = {}, {}
  for i, title in ipairs(names) do
    local column = not is_untitled(title) and column_of(columns, by_key, title)
    if column then
      places[i] = column
    elseif not is_untitled(title) then
      problems[#problems + 1] = M.unknown(columns, title)
    end
  end
  if #problems > 0 then return nil, table.concat(problems, "; ") end
  return places
end

-- Rows -------------------------------------------------------------------------------------------

local function complain(self, row, column, message)
  local place = ("%s:%d"):format(text.escape(self.name), row.line)
  local title = column and text.escape(column) .. ": " or ""
  self.complaints[#self.complaints + 1] = { file = self.name, line = row.line, column = column,
    text = text.clip(text.escape(row.text), LONGEST_EXCERPT),
    message = ("%s: %s%s"):format(place, title, message) }
end

local function set(values, written, column, value, cell)
  if not column.key then
    values[column.name], written[column.name] = value, cell
    return
  end
  values[column.name] = values[column.name] or {}
  values[column.name][column.key] = value
  written[column.name .. "." .. column.key] = cell
end

local function title_of(column)
  return column.key and column.name .. "." .. column.key or column.name
end

-- Counts the rows whose lists lost blanks around an item.
local function count_blanks(self, row, column, cell)
  local has_blanks = cell:find ";%s" or cell:find "%s;" or cell:find "^%s" or cell:find "%s$"
  if column.read ~= M.list or not has_blanks then return end
  self.blanks = self.blanks or { first = row.line, count = 0 }
  if self.blanks.last ~= row.line then self.blanks.count = self.blanks.count + 1 end
  self.blanks.last = row.line
end

-- Messages about cells that were read differently from how they are written.
local function notes_of(self)
  if not self.blanks then return {} end
  return { ("%s: blanks around tags were left out (%d %s, the first in line %d)"):format(
    text.escape(self.name), self.blanks.count, self.blanks.count == 1 and "row" or "rows",
    self.blanks.first) }
end

-- Reads the cells of a row. Returns whether all of them are good.
local function read_cells(self, row, values, written)
  local count = #self.complaints
  for i, cell in ipairs(row.cells) do
    local column = self.places[i]
    if column then
      local value, problem, own = cells.value(column.read, cell)
      if problem then complain(self, row, title_of(column), problem) end
      if value ~= nil then set(values, written, column, value, own) end
      if value ~= nil then count_blanks(self, row, column, cell) end
    elseif not cell:find "^%s*%d*%s*$" then
      complain(self, row, nil, ('a cell without a title: "%s"'):format(
        text.clip(text.escape(cell), LONGEST_EXCERPT)))
    end
  end
  return #self.complaints == count
end

local function object_problem(value)
  if type(value) ~= "table" or value[1] ~= nil or getmetatable(value) then
    return "not a JSON object"
  end
end

-- Returns whether the row is good; if not, there is a complaint for each fault.
local function check_row(self, row, values, written)
  if row.problem then complain(self, row, nil, row.problem) end
  return not row.problem and (self.form ~= "table" or read_cells(self, row, values, written))
end

local function read_row(self, row)
  local values, written = {}, {}
  if not row.problem and self.form == "json" then
    row.problem, values = object_problem(row.value), row.value
  end
  if not check_row(self, row, values, written) then
    self.refused = self.refused + 1
    return
  end
  if self.form == "table" and next(values) == nil then return end
  self.rows[#self.rows + 1] = { line = row.line, file = self.name, values = values,
    written = self.form == "table" and written or nil, short = row.short or false,
    place = ("%s:%d"):format(text.escape(self.name), row.line) }
end

-- Reading ----------------------------------------------------------------------------------------

local function no_titles(self, rows, columns)
  local foreign = rows.foreign
  local place = foreign and ("%s:%d"):format(text.escape(self.name), foreign.line)
    or text.escape(self.name)
  local found = foreign and "these are not known titles: " .. foreign.names
    or rows.first and "no line of titles in its first lines"
  return found and ("%s: %s; there are %s"):format(place, found,
    table.concat(titles_of(columns), ", "))
end

local function finish(self, rows, columns, by_key)
  self.form = rows.form
  if rows.form == "plain" then
    local problem = no_titles(self, rows, columns)
    if problem then return nil, problem end
  elseif rows.form == "table" then
    local places, problem = placed(columns, by_key, rows.header.names)
    if not places then
      return nil, ("%s:%d: %s"):format(text.escape(self.name), rows.header.line, problem)
    end
    self.places, self.header = places, rows.header
  end
  for row in rows.next do read_row(self, row) end
  local failure = rows.failure()
  if failure then return nil, failure end
  return self.rows, self.complaints, notes_of(self), self.refused
end

local function wanted_of(columns, by_key)
  local groups = {}
  for _, column in ipairs(columns) do
    if is_group(column[1]) then groups[#groups + 1] = header.key(group_name(column[1])) end
  end
  return function(key)
    if by_key[key] then return true end
    for _, group in ipairs(groups) do
      if #key > #group and key:sub(1, #group) == group then return true end
    end
    return false
  end
end

local OPTIONS = { { "stdin" } }

local function check(what, argument, name, columns)
  options_reader.check_value(what, argument, options_reader.string, name)
  options_reader.check_value(what, "columns", options_reader.table, columns)
  for i, column in ipairs(columns) do
    local is_column = type(column) == "table" and type(column[1]) == "string"
      and type(column[2]) == "function"
    if not is_column then
      core.complain(what, ("columns[%d]"):format(i), "{title, type} expected")
    end
  end
end

--- load(path, columns [, options]) -> rows, complaints, notes, refused; or nil and one line that
-- names the file and what is wrong with all of it. "-" is standard input
-- (options.stdin, io.stdin unless told).
--   columns  a list of {title, type, another title, …}. A type is one of sheet.text, list, flag,
--            scalar, id, or a function(cell) -> value, or nil and what is wrong. A title such as
--            "custom_metadata.*" stands for all that begin so; a column with `hidden = true` is
--            accepted but not proposed. Titles are compared in the form of header.key.
--   rows     { line, file, place = "file:line", values = { title = value }, written = { title =
--            the cell's text }, short = the title of the first cell that is missing at its end, or
--            false }; values of "custom_metadata.*" are in a table custom_metadata. An empty cell
--            gives no value, \N gives sheet.CLEAR. Of a JSON object `values` is the object as it
--            is, and there is no `written`.
--   complaints  { file, line, column, text, message }, in the order of the lines: rows that are not
--            among `rows`. `message` is complete with file, line and column.
--   notes    messages about cells that were read differently from how they are written
--   refused  how many rows the complaints are about
-- The forms are those of codeocean.ids: CSV, TSV and JSON.
function M.load(path, columns, options)
  local own = options_reader.read("sheet.load", OPTIONS, options)
  check("sheet.load", "path", path, columns)
  local by_key = index(columns)
  local self = { name = path == "-" and "stdin" or path, rows = {}, complaints = {},
    refused = 0 }
  local rows, problem, file = rows_of.open_file(path, { wanted = wanted_of(columns, by_key),
    stdin = own.stdin })
  if not rows then return nil, problem end
  return close_after(file, finish, self, rows, columns, by_key)
end

--- read(source, columns, name) -> as load(), of an open file or a function that gives lines.
function M.read(source, columns, name)
  check("sheet.read", "name", name, columns)
  local by_key = index(columns)
  local self = { name = name, rows = {}, complaints = {},
    refused = 0 }
  local rows, problem = rows_of.open(source, { name = name, wanted = wanted_of(columns, by_key) })
  if not rows then return nil, problem end
  return finish(self, rows, columns, by_key)
end

return M
