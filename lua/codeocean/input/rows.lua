--- Reads the rows of a file of ids or of a sheet. Finds out whether it is JSON, a table with titles
-- or plain lines, and gives each row with the line that it begins in. Called by codeocean.ids,
-- codeocean.input.names and codeocean.input.sheet. What must hold: each line is in a row, blank, a
-- comment, or reported by a row's `problem`.

local csv = require "codeocean.input.csv"
local header = require "codeocean.input.header"
local json_rows = require "codeocean.input.json_rows"
local lines_of = require "codeocean.input.lines"
local read_files = require "codeocean.input.read_files"
local system = require "codeocean.lua.system"
local text = require "codeocean.text"

local M = {}

M.DECODE = function(json) return require("codeocean.json").decode(json) end

-- Plain lines ------------------------------------------------------------------------------------

local function plain_reader(lines)
  return function()
    for line, number in lines.next, lines do
      if not header.is_comment(line) and line:find "%S" then
        return { line = number, text = line }
      end
    end
  end
end

-- Tables -----------------------------------------------------------------------------------------

local QUOTE = "a quote is not closed as it should be"

-- The cells of the record that begins in `line`, which ends with `ending`. Returns nil, and gives
-- the further lines back, for a quote that is never closed or that joins rows into one with another
-- number of cells: a stray quote must not swallow the rows after it.
local function cells_of(lines, line, ending, titles)
  local taken = {}
  local function next_line()
    local following, number, its_end = lines:next()
    if not following then return nil end
    taken[#taken + 1] = { following, number, its_end }
    local before = ending
    ending = its_end
    return following, before
  end
  local cells = csv.record(line, titles.separator, next_line)
  if cells and (#taken == 0 or #cells == #titles.names) then return cells end
  lines:unread(taken)
end

-- The problem of a row with more cells than titles, even if the last ones are empty: most likely a
-- cell holds a separator, and the cells after it stand in the wrong columns.
local function too_many(cells, titles)
  if #cells <= #titles.names then return nil end
  return ("%d cells, but %d titles; a cell with the separator in it is written in quotes"):format(
    #cells, #titles.names)
end

local COMMENT = 'a comment or a row? write the first cell of a row in quotes ("#…"), and a comment '
  .. "without separators"

-- A line that begins with # is a comment, unless it has a cell for each of several titles. Such a
-- line may be a row too, so it is reported.
local function table_row(lines, titles, line, number, ending)
  local cells = cells_of(lines, line, ending, titles)
  local row = { line = number, text = line, cells = cells or {},
    short = cells and titles.names[#cells + 1], problem = not cells and QUOTE or nil }
  if header.is_comment(line) then
    if not cells or #cells ~= #titles.names or #cells == 1 then return nil end
    row.problem = COMMENT
  end
  row.problem = row.problem or too_many(row.cells, titles)
  return row
end

local function table_reader(lines, titles)
  return function()
    for line, number, ending in lines.next, lines do
      local row = not header.is_blank(line) and table_row(lines, titles, line, number, ending)
      if row then return row end
    end
  end
end

-- Opening ----------------------------------------------------------------------------------------

local function skip_blank(lines)
  local first = lines:peek(1)[1]
  while first and (not first[1]:find "%S" or header.is_comment(first[1])) do
    lines:next()
    first = lines:peek(1)[1]
  end
  return first and first[1]
end

local function open_table(lines, options)
  local titles, foreign = header.find(lines, options.wanted)
  if not titles then return nil, foreign end
  return { form = "table", header = titles, next = table_reader(lines, titles) }
end

local function open_rows(lines, options)
  local first = skip_blank(lines)
  if first and first:find("^%s*[%[{]") then
    local next_row, problem = json_rows.open(lines, options.decode or M.DECODE)
    return next_row and { form = "json", next = next_row }, problem
  end
  local found, foreign = open_table(lines, options)
  if found then return found, found.header.problem, found.header.line end
  return { form = "plain", next = plain_reader(lines), foreign = foreign, first = first }
end

local function located(name, line, problem)
  local place = line and ("%s:%d"):format(text.escape(name), line) or text.escape(name)
  return ("%s: %s"):format(place, problem)
end

--- open(source, options) -> rows; or nil and one line that names the file and what is wrong.
--   source   an open file, or a function that gives the next line, nil at the end
--   options  { name = the file's, for messages; wanted(key) -> whether a title (as header.key gives
--              it) is one that makes a line the titles of the table; decode(json) -> value }
-- rows.form is "json", "table" or "plain"; rows.header is that of a table (codeocean.input.header);
-- rows.foreign, of plain lines, the line that looks like titles without a wanted one; rows.first
-- their first line. rows.next() gives the next row, nil at the end: {line, text = the line or JSON
-- as it stands there, problem = what is wrong with it}, of JSON with `value`, of a table with
-- `cells` (texts, at the places of header.names) and `short`, the title of the first cell that is
-- missing at its end. rows.failure() says, at the end, why the source could not be read to its
-- end; nil if it was.
function M.open(source, options)
  local name = options.name
  local lines, no_text = lines_of.open(source)
  if not lines then return nil, located(name, nil, no_text) end
  local rows, problem, line = open_rows(lines, options)
  if problem then return nil, located(name, line, problem) end
  function rows.failure()
    return lines.failure
      and located(name, nil, "cannot be read: " .. text.escape(tostring(lines.failure)))
  end
  if lines.failure and not rows.first then return nil, rows.failure() end
  return rows
end

--- open_file(path, options) -> rows, nil, file: as open(), and what is to be held in a <close>
-- variable; or nil and why not. "-" is standard input, or options.stdin, which stays open.
function M.open_file(path, options)
  local own = { name = path == "-" and "stdin" or path, wanted = options.wanted,
    decode = options.decode }
  if path == "-" then return M.open(options.stdin or io.stdin, own) end
  local file, missing = system.open(path, "rb")
  if not file then return nil, "cannot be read: " .. text.escape(missing) end
  read_files.add(path)
  local rows, problem = M.open(file, own)
  if not rows then file:close() end
  return rows, problem, rows and file
end

return M
