-- Reads ids of data assets from lists that people have: plain lines, a spreadsheet's CSV, JSONL. An
-- id ends up in the path of a request, so nothing but a UUID is taken, and nothing is guessed: what
-- is no id is reported with its line, and the others are used.

local columns = require "codeocean.output.columns"
local core = require "codeocean.core"
local csv = require "codeocean.input.csv"
local text = require "codeocean.output.text"

local M = {}

local EXAMPLE = "fea84ebf-b58b-4ad2-994d-7169dc3880fb"
local DEFAULT_COLUMN = "id"
local LONGEST_EXCERPT = 60

--- valid(value) -> whether it is an id: 8-4-4-4-12 hexadecimal digits or 32 of them, in any case.
M.valid = core.is_id

--- canonical(id) -> the one spelling that all spellings of an id share (lower case, with hyphens),
-- to compare ids; nil for what is not an id.
M.canonical = core.spelled_id

-- Lines ---------------------------------------------------------------------

local Lines = {}
Lines.__index = Lines

local function lines_of(source)
  local read = source
  if type(source) ~= "function" then
    read = function() return source:read("l") end
  end
  return setmetatable({ read = read, number = 0, unread = {} }, Lines)
end

-- The next line without its end, nil at the end of the source. A failure to read is kept in
-- self.failure and ends it too.
function Lines:next()
  local line = table.remove(self.unread)
  if not line then
    line, self.failure = self.read()
    if not line then return nil end
    line = line:gsub("\r?\n?$", "")
  end
  self.number = self.number + 1
  if self.number == 1 then line = line:gsub("^\xEF\xBB\xBF", "") end
  return line
end

-- Gives back the lines read last, to be read again.
function Lines:give_back(lines)
  for i = #lines, 1, -1 do table.insert(self.unread, lines[i]) end
  self.number = self.number - #lines
end

local function is_blank(line) return not line:find("%S") end

local function is_comment(line) return line:find("^%s*#") ~= nil end

-- One reading --------------------------------------------------------------

local function complain(self, line, message, excerpt)
  self.complaints[#self.complaints + 1] = {
    file = self.name, line = line, text = excerpt,
    message = ("%s:%d: %s"):format(text.escape(self.name), line, message),
  }
end

local function accept(self, line, id, row)
  local key = M.canonical(id)
  if not key then
    local excerpt = text.clip(text.escape(tostring(id)), LONGEST_EXCERPT)
    local message = '"%s" is not a data asset id (36 characters such as %s)'
    return complain(self, line, message:format(excerpt, EXAMPLE), excerpt)
  elseif self.seen[key] then
    self.duplicates = self.duplicates + 1
    return
  end
  self.seen[key] = true
  self.ids[#self.ids + 1] = { id = id, line = line, file = self.name, row = row }
end

local function read_plain(self, lines, line)
  while line do
    if not is_blank(line) and not is_comment(line) then
      accept(self, lines.number, line:match("^%s*([^%s,;]*)"))
    end
    line = lines:next()
  end
end

local function read_json_line(self, number, line)
  local ok, row, problem = pcall(self.decode, line)
  local excerpt = text.clip(text.escape(line), LONGEST_EXCERPT)
  if not ok or row == nil then
    local reason = text.escape(tostring(ok and problem or row))
    return complain(self, number, "not JSON: " .. reason, excerpt)
  end
  local id = type(row) == "table" and columns.value(row, self.column)
  if not id then
    return complain(self, number, ('no field "%s"'):format(text.escape(self.column)), excerpt)
  end
  accept(self, number, id, row)
end

local function read_jsonl(self, lines, line)
  while line do
    if not is_blank(line) and not is_comment(line) then
      read_json_line(self, lines.number, line)
    end
    line = lines:next()
  end
end

local function trim(s) return s:match("^%s*(.-)%s*$") end

local function row_of(header, cells)
  local row = {}
  for i, name in ipairs(header.names) do row[name] = cells[i] end
  return row
end

-- A line that begins with # and has no id in its column is a comment.
local function accept_cells(self, number, line, header, cells)
  local id = trim(cells[header.index] or "")
  if M.valid(id) then
    accept(self, number, id, row_of(header, cells))
  elseif not is_comment(line) and not is_blank(table.concat(cells)) then
    local message = ('the column "%s" is empty'):format(text.escape(self.column))
    if id ~= "" then return accept(self, number, id) end
    complain(self, number, message, text.clip(text.escape(line), LONGEST_EXCERPT))
  end
end

-- A stray quote, or one that joins rows into one of another length, must not swallow the rows
-- behind it: only its own line is refused.
local function read_record(self, lines, line, header)
  local number, more = lines.number, {}
  local function next_line()
    local following = lines:next()
    more[#more + 1] = following
    return following
  end
  local cells = csv.record(line, header.separator, next_line)
  if not cells or #more > 0 and #cells ~= #header.names then
    lines:give_back(more)
    return complain(self, number, "a quote is not closed as it should be",
      text.clip(text.escape(line), LONGEST_EXCERPT))
  end
  accept_cells(self, number, line, header, cells)
end

local function read_csv(self, lines, header)
  for line in function() return lines:next() end do
    if not is_blank(line) then read_record(self, lines, line, header) end
  end
end

-- Formats ------------------------------------------------------------------

local function header_with(line, separator, column)
  local names, index = csv.record(line, separator) or {}, nil
  for i, name in ipairs(names) do
    names[i] = trim(name)
    if names[i]:lower() == column:lower() then index = index or i end
  end
  return { names = names, separator = separator, index = index }
end

local function find_header(line, column)
  for _, separator in ipairs { ",", "\t", ";" } do
    local header = header_with(line, separator, column)
    if header.index then return header end
  end
end

-- The names in a first line that looks like the header of a CSV file, or nil.
local function foreign_header(line)
  for _, separator in ipairs { ",", ";" } do
    local names = header_with(line, separator, "").names
    local titles = #names > 1
    for _, name in ipairs(names) do
      titles = titles and name:find("^[%a_][%w_ .-]*$") ~= nil and not M.valid(name)
    end
    if titles then return table.concat(names, ", ") end
  end
end

local function missing_column(column, names)
  return ('no column "%s" in its first line (%s)'):format(text.escape(column),
    text.clip(text.escape(names), LONGEST_EXCERPT))
end

-- Reads on as the first line that says something tells. Returns nothing, or what is wrong with all
-- of it.
local function read_as(self, lines, line)
  if line:find("^%s*{") then return read_jsonl(self, lines, line) end
  if line:find("^%s*%[") then return "a JSON array; give one object a line (JSONL)" end
  local header = find_header(line, self.column)
  if header then return read_csv(self, lines, header) end
  local names = self.chosen and line or foreign_header(line)
  if names then return missing_column(self.column, names) end
  return read_plain(self, lines, line)
end

local function first_line(lines)
  local line = lines:next()
  while line and (is_blank(line) or is_comment(line)) do line = lines:next() end
  return line
end

local function is_utf16(line) return line:find("^\xFF\xFE") or line:find("^\xFE\xFF") end

local function default_decode(json) return require("codeocean.json").decode(json) end

local function check(source, options)
  local kind = type(source)
  if kind ~= "function" and io.type(source) ~= "file" and not (kind == "table" and source.read) then
    error("source must be an open file or a function that returns lines", 3)
  end
  for _, name in ipairs { "name", "column" } do
    if options[name] ~= nil and type(options[name]) ~= "string" then
      error(("options.%s must be a string"):format(name), 3)
    end
  end
end

-- Reads a list of ids.
--   source   an open file, or a function that returns the next line or nil
--   options  { name = of the file, for messages; column = the column or field that holds the id,
--              "id" by default, dots reach into JSON objects; decode = function(json) -> value,
--              that of codeocean.json by default }
-- The first line that is neither blank nor a comment (#) tells the format: `{` begins JSONL, a line
-- of titles with the column in it CSV (with commas, tabs or semicolons), all else is plain: an id
-- at the beginning of each line, whatever follows it. A byte order mark and CRLF do not matter.
-- Returns
--   1. a list of { id = as written, line = number, file = name, row = table or nil }; `row` is the
--      object of a JSONL line, or the texts of a CSV row by their titles; every id once
--   2. a list of complaints { file, line, text, message }, in the order of the lines; `message` is
--      complete with file and line, and safe for a terminal
--   3. how many times an id was repeated
-- or nil and a text naming the file if it cannot be read or has no such column.
function M.read(source, options)
  options = options or {}
  check(source, options)
  local lines = lines_of(source)
  local self = {
    name = options.name or "input", column = options.column or DEFAULT_COLUMN,
    chosen = options.column ~= nil, decode = options.decode or default_decode,
    ids = {}, complaints = {}, duplicates = 0, seen = {},
  }
  local line = first_line(lines)
  local problem = is_utf16(line or "") and "UTF-16 text; save it as UTF-8"
    or line and read_as(self, lines, line)
  if lines.failure then problem = "cannot be read: " .. tostring(lines.failure) end
  if problem then return nil, ("%s: %s"):format(text.escape(self.name), problem) end
  return self.ids, self.complaints, self.duplicates
end

-- Reads a list of ids from the file at `path`, or from standard input for "-".
--   options  as for `read`, without a name, and stdin = an open file, io.stdin by default
-- Returns as `read`; nil and a text naming the file also if it cannot be opened.
function M.load(path, options)
  if type(path) ~= "string" then error("path must be a string", 2) end
  local settings = {}
  for key, value in pairs(options or {}) do settings[key] = value end
  if path == "-" then
    settings.name = "stdin"
    return M.read(settings.stdin or io.stdin, settings)
  end
  local file <close>, problem = io.open(path, "rb")
  if not file then return nil, "cannot be read: " .. text.escape(problem) end
  settings.name = path
  return M.read(file, settings)
end

return M
