--- Writes CSV (RFC 4180) and TSV, one asset a line: the formats `csv` and `tsv` of
-- codeocean.output.
--
-- A format is row(self, row) and finish(self), which give the text to write, or nil and an error;
-- self is the writer: fields, width, count, iso (times are written in ISO 8601). What must hold:
-- codeocean.input.sheet reads the same values back, also after a spreadsheet has opened and saved
-- the file.

local columns = require "codeocean.output.columns"
local format = require "codeocean.output.format"
local ids = require "codeocean.input.id"
local spreadsheet = require "codeocean.output.spreadsheet"
local text = require "codeocean.text"

local M = {}

-- Whether a text can stand between semicolons and is read back as it is: a reader removes the
-- blanks around it, those beyond ASCII too, and takes `["` for the beginning of JSON.
local function is_plain(item)
  local first, last = item:byte(1), item:byte(-1)
  if not first or first <= 32 or last <= 32 or item:find(";", 1, true) then return false end
  if first == 91 then return item:byte(2) ~= 34 end
  return first < 128 and last < 128 or ids.trim(item) == item
end

local function plain_scalar(value)
  local kind = type(value)
  return kind == "number" or kind == "boolean" or kind == "string" and is_plain(value)
end

local function joined(list)
  local items = {}
  for i, item in ipairs(list) do
    items[i] = type(item) == "number" and text.number(item) or tostring(item)
  end
  return table.concat(items, ";")
end

-- The text of a cell, and whether a user or a server wrote it (not this program).
local function cell(self, encode, value)
  if value == nil then
    return "", false
  elseif type(value) == "number" then
    return text.number(value), false
  elseif type(value) ~= "table" then
    return tostring(value), type(value) == "string"
  elseif columns.is_list(value, plain_scalar) then
    return joined(value), true
  end
  return encode(self, value)
end

local function visible(self, s) return self.width and text.escape(s) or s end

-- Plain searches: a search for a set of characters takes ten times as long.
local function needs_quotes(s)
  return s:find(",", 1, true) or s:find('"', 1, true) or s:find("\n", 1, true)
    or s:find("\r", 1, true)
end

-- The text of a cell in CSV; or nil and an error. A text that a user or a server wrote is protected
-- from the spreadsheet, which might run or change it.
local function csv_cell(self, encode, value)
  local s, foreign = cell(self, encode, value)
  if not s then return nil, foreign end
  if foreign == true then s = spreadsheet.protect(s) end
  s = visible(self, s)
  return needs_quotes(s) and '"' .. s:gsub('"', '""') .. '"' or s
end

local TSV_ESCAPES = { ["\\"] = "\\\\", ["\t"] = "\\t", ["\n"] = "\\n", ["\r"] = "\\r" }

local function tsv_cell(self, encode, value)
  local s, problem = cell(self, encode, value)
  if not s then return nil, problem end
  return visible(self, (s:gsub("[\\\t\n\r]", TSV_ESCAPES)))
end

-- The API's fields that are times.
local TIMES = { created = true, last_used = true, last_transferred = true }

-- The value of a field as it is written: a time in ISO 8601 where the writer says so.
local function value_of(self, row, field)
  local value = columns.value(row, field)
  if self.iso and TIMES[field] and type(value) == "number" then return format.iso(value) end
  return value
end

local function separated(to_cell, separator, line_end, encode, usual)
  local function line(self, content)
    local cells = {}
    for i, field in ipairs(self.fields or usual) do
      local s, problem = to_cell(self, encode, content(field))
      if not s then return nil, problem end
      cells[i] = s
    end
    return table.concat(cells, separator) .. line_end
  end
  local function header(self)
    if self.count > 0 then return "" end
    return line(self, function(field) return field end)
  end
  return {
    row = function(self, row)
      local s, problem = line(self, function(field) return value_of(self, row, field) end)
      if not s then return nil, problem end
      return header(self) .. s
    end,
    finish = header,
  }
end

--- csv(encode, usual) -> format. encode(self, value): JSON of a table, or nil and an error; usual:
-- the fields where the writer has none.
function M.csv(encode, usual) return separated(csv_cell, ",", "\r\n", encode, usual) end

--- tsv(encode, usual) -> format, as csv; tab, line break and backslash are written \t, \n, \r, \\.
function M.tsv(encode, usual) return separated(tsv_cell, "\t", "\n", encode, usual) end

return M
