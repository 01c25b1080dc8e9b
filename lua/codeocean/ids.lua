--- Reads ids of data assets from lists: plain lines, CSV or TSV, JSON. Called by the commands
-- (--ids, -) and by scripts. What must hold: only whole ids are accepted and nothing is guessed,
-- since an id becomes part of a request's path; each line without an id is reported with file and
-- line.

require "codeocean.lua.version"

local ascii = require "codeocean.ascii"
local system = require "codeocean.lua.system"
local columns = require "codeocean.output.columns"
local core = require "codeocean.core"
local forms = require "codeocean.input.id"
local header = require "codeocean.input.header"
local close_after = require "codeocean.lua.close_after"
local input = require "codeocean.input.rows"
local options_reader = require "codeocean.options"
local text = require "codeocean.text"

local M = {}

local LONGEST_EXCERPT = 60

-- Titles of the column `id`, as header.key gives them.
local ID_TITLES = { id = true, assetid = true, dataassetid = true }

M.valid, M.canonical, M.parse = forms.valid, forms.canonical, forms.parse

-- State ------------------------------------------------------------------------------------------

local function excerpt_of(value)
  return text.clip(text.escape(tostring(value)), LONGEST_EXCERPT)
end

local function complain(self, row, message, excerpt)
  self.complaints[#self.complaints + 1] = {
    file = self.name, line = row.line, text = excerpt,
    message = ("%s:%d: %s"):format(text.escape(self.name), row.line, message),
  }
end

-- Adds an id. For an id that was read before, only adds the row to that id's rows.
local function accept(self, row, id, values)
  local key = forms.canonical(id)
  local known = self.seen[key]
  if known then
    self.duplicates = self.duplicates + 1
    known.rows = known.rows or { known.row }
    known.rows[#known.rows + 1] = values
    return
  end
  local item = { id = id, line = row.line, file = self.name, row = values }
  self.seen[key] = item
  self.ids[#self.ids + 1] = item
end

local function accept_text(self, row, written, values)
  local id = forms.parse(written)
  if id then return accept(self, row, id, values) end
  local excerpt = excerpt_of(written)
  complain(self, row, forms.problem(excerpt), excerpt)
end

-- Plain lines ------------------------------------------------------------------------------------

-- The ids among the words of a line, and the first word that is not an id. A remark (#) ends the
-- line; a line whose first word is not an id has no ids.
local function words_of(line)
  local ids, count, other = {}, 0, nil
  for word in forms.spaced(line):gsub("%s#.*", ""):gmatch "[^%s,;|]+" do
    local id = forms.parse(word)
    count = count + 1
    if id then ids[#ids + 1] = id else other = other or word end
    if count == 1 and not id then break end
  end
  return ids, other
end

-- Accepts all ids of a line that holds nothing else, or the one id that a line begins with.
local function read_plain(self, row)
  if forms.valid(row.text) then return accept(self, row, row.text) end
  local ids, other = words_of(row.text)
  if #ids == 0 then
    return accept_text(self, row, other or row.text)
  elseif #ids > 1 and other then
    local excerpt = excerpt_of(row.text)
    return complain(self, row, ('"%s" is not a data asset id, and %d others are in the line; '
      .. "write ids alone, or a line of titles on top"):format(excerpt_of(other), #ids), excerpt)
  end
  for _, id in ipairs(ids) do accept(self, row, id) end
end

-- JSON -------------------------------------------------------------------------------------------

local function read_json(self, row)
  local value = row.value == nil and row.text or row.value
  if type(value) == "string" then return accept_text(self, row, value) end
  local id = type(value) == "table" and columns.value(value, self.column)
  if not id then
    local problem = ('no field "%s"'):format(text.escape(self.column))
    return complain(self, row, problem, excerpt_of(row.text))
  end
  accept_text(self, row, id, value)
end

-- Tables -----------------------------------------------------------------------------------------

local function values_of(titles, cells)
  local values = {}
  for i, name in ipairs(titles) do
    if values[name] == nil then values[name] = cells[i] end
  end
  return values
end

local function read_cells(self, row, titles)
  local cell = row.cells[self.index]
  if cell and cell:find "%S" then
    return accept_text(self, row, forms.trim(cell), values_of(titles.names, row.cells))
  elseif table.concat(row.cells):find "%S" then
    local problem = ('the column "%s" is empty'):format(text.escape(titles.names[self.index]))
    complain(self, row, problem, excerpt_of(row.text))
  end
end

local function read_row(self, rows, row)
  if row.problem and not (rows.form == "json" and forms.parse(row.text)) then
    complain(self, row, row.problem, excerpt_of(row.text))
  elseif rows.form == "table" then
    read_cells(self, row, rows.header)
  elseif rows.form == "json" then
    read_json(self, row)
  else
    read_plain(self, row)
  end
end

-- Columns ----------------------------------------------------------------------------------------

-- Returns a function that tells whether a title is that of the column of ids.
local function title_test(column)
  if not column then return function(key) return ID_TITLES[key] end end
  local wanted = header.key(column)
  return function(key) return key == wanted end
end

-- The index of the column: the title equal to `column`, else the first that `wanted` accepts.
local function index_of(titles, column, wanted)
  local found
  for i, name in ipairs(titles.names) do
    if ascii.lower(name) == ascii.lower(column) then return i end
    if wanted(header.key(name)) then found = found or i end
  end
  return found
end

-- The message for a file without the column; nil for plain lines.
local function missing_column(self, rows)
  local foreign = rows.foreign
  local hint = "; name it with --column"
  if foreign and foreign.ids ~= "" then
    hint = ("; ids are in %s: name the column with --column"):format(foreign.ids)
  end
  if foreign then
    return ('%s:%d: no column "%s" among %s%s'):format(text.escape(self.name), foreign.line,
      text.escape(self.column), foreign.names, hint)
  elseif self.chosen and rows.first then
    return ('%s: no column "%s": its first line is %s'):format(text.escape(self.name),
      text.escape(self.column), excerpt_of(rows.first))
  end
end

-- Reading ----------------------------------------------------------------------------------------

local OPTIONS = {
  { "name", "input", options_reader.string },
  { "column", nil, options_reader.string },
  { "decode", nil, options_reader.callable },
  { "stdin", nil },
}

local function is_source(source)
  local kind = type(source)
  return kind == "function" or system.is_file(source) or kind == "table" and source.read ~= nil
end

local function read_all(self, rows)
  if rows.form == "plain" then
    local problem = missing_column(self, rows)
    if problem then return problem end
  elseif rows.form == "table" then
    self.index = index_of(rows.header, self.column, self.wanted)
  end
  for row in rows.next do read_row(self, rows, row) end
  return rows.failure()
end

local function reading(name, options)
  return { name = name, column = options.column or "id", chosen = options.column ~= nil,
    wanted = title_test(options.column), ids = {}, complaints = {}, duplicates = 0, seen = {} }
end

local function finish(self, rows)
  local problem = read_all(self, rows)
  if problem then return nil, problem end
  return self.ids, self.complaints, self.duplicates
end

--- read(source [, options]) -> list, complaints, repeats; or nil and one line that names the file
-- and what is wrong with all of it (no such column, two of them, no text, cannot be read).
--   source   an open file, or a function that returns the next line or nil
--   options  { name = of the file, for messages; column = the column or field that holds the id, by
--              default "id" (also asset_id, data_asset_id), dots reach into JSON objects; decode =
--              function(json) -> value, that of codeocean.json by default }
-- Forms: JSON (one object or id per line, an array, a page of a search), tables (a line of titles
-- within the first 20 lines; commas, semicolons, tabs; Excel's `sep=;`), and plain lines (ids
-- separated by blanks or commas, or one id with text after it). Any usual encoding, any line end.
-- An id may stand in quotes, or be the address of an asset's web page. Blank lines and lines that
-- begin with # are ignored.
--   list        { id = as written, line = number, file = name, row = the object of a JSON row or
--               the texts of a table's row by their titles, nil else; rows = all of them, if the
--               id came again }; each id once
--   complaints  { file, line, text, message }, in the order of the lines; `message` is complete
--               with file and line, and safe for a terminal
--   repeats     how many times an id came again
function M.read(source, options)
  local own = options_reader.read("ids.read", OPTIONS, options)
  if not is_source(source) then
    core.complain("ids.read", "source", "open file or function that returns lines expected")
  end
  local self = reading(own.name, own)
  local rows, problem = input.open(source, { name = own.name, wanted = self.wanted,
    decode = own.decode })
  if not rows then return nil, problem end
  return finish(self, rows)
end

--- load(path [, options]) -> as read(), of the file at `path`, of standard input for "-"
-- (options.stdin = an open file, io.stdin by default); nil and a line also if it cannot be opened.
function M.load(path, options)
  local own = options_reader.read("ids.load", OPTIONS, options)
  if type(path) ~= "string" then core.complain("ids.load", "path", "string expected") end
  local self = reading(path == "-" and "stdin" or path, own)
  local rows, problem, file = input.open_file(path, { wanted = self.wanted,
    decode = own.decode, stdin = own.stdin })
  if not rows then return nil, problem end
  return close_after(file, finish, self, rows)
end

return M
