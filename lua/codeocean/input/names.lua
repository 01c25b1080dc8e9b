--- Reads names of assets from lists. Called by the commands for --by-name. In plain text each line
-- is a name; a table has a column of names; JSON has objects with a name, or texts.

local header = require "codeocean.input.header"
local id = require "codeocean.input.id"
local rows_of = require "codeocean.input.rows"
local text = require "codeocean.text"

local M = {}

local DEFAULT = "name"

local function column_of(titles, column)
  for i, title in ipairs(titles) do
    if header.key(title) == header.key(column) then return i end
  end
end

local function name_of(rows, row, column)
  if rows.form == "table" then
    return row.cells[column_of(rows.header.names, column)]
  elseif rows.form == "json" then
    return type(row.value) == "table" and row.value[column] or row.value
  end
  return row.text
end

-- Adds the name of a row to the list, or what is wrong with it to the complaints.
local function add(list, complaints, place, row, name)
  name = type(name) == "string" and id.trim(name) or ""
  if row.problem or name == "" then
    complaints[#complaints + 1] = { line = row.line,
      message = ("%s: %s"):format(place, row.problem or "no name") }
  else
    list[#list + 1] = { key = name, place = place }
  end
end

--- load(path [, column]) -> list, complaints; or nil and one line when all of it is wrong. "-" is
-- standard input. `column`: the column or field of the names, "name" unless told.
--   list        { key = the name, place = "file:line" }, in the order of the lines
--   complaints  { line, message }: rows that give no name
function M.load(path, column)
  local wanted = header.key(column or DEFAULT)
  local rows, problem, _ <close> = rows_of.open_file(path, {
    wanted = function(key) return key == wanted end })
  if not rows then return nil, problem end
  local file = text.escape(path == "-" and "stdin" or path)
  if column and rows.form == "plain" and rows.first then
    return nil, ('%s: no column "%s"'):format(file, text.escape(column))
  end
  local list, complaints = {}, {}
  for row in rows.next do
    add(list, complaints, ("%s:%d"):format(file, row.line), row,
      name_of(rows, row, column or DEFAULT))
  end
  local failure = rows.failure()
  if failure then return nil, failure end
  return list, complaints
end

return M
