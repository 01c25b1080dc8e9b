--- Writes rows of data to a file or a terminal in one of five formats. A format turns rows into
-- text; the writer writes the text and reports a failure. Called by the commands and by scripts.

require "codeocean.lua.version"

local system = require "codeocean.lua.system"
local columns = require "codeocean.output.columns"
local core = require "codeocean.core"
local csv = require "codeocean.output.csv"
local errors = require "codeocean.error"
local grid = require "codeocean.output.table"
local object = require "codeocean.object"
local options = require "codeocean.options"
local text = require "codeocean.text"

local M = {}

local SAMPLE = 1000
local EPIPE = 32
local FIELDS = {
  "id", "name", "description", "type", "state", "size", "files", "created", "last_used", "mount",
  "tags",
}

-- Formats: row(self, row) and finish(self) give the text to write, or nil and an error. self.count
-- is how many rows were written before.

local function default_encode(value) return require("codeocean.json").encode(value) end

local function encoded(self, value)
  local ok, json, problem = pcall(self.encode, value)
  if ok and json then return text.escape_json(json) end
  -- An encoder that raises puts the place in our source first, which tells the user nothing.
  local reason = tostring(ok and problem or json):gsub("^%S+:%d+: ", "")
  return nil, errors.new { kind = "encode", message = text.escape(reason) }
end

local function chosen(self, row)
  if not self.fields then return row end
  local some = {}
  for _, field in ipairs(self.fields) do some[field] = columns.value(row, field) end
  return some
end

local function lay_out(self)
  self.layout = grid.new(self.fields, self.sample, { width = self.width, colour = self.colour })
  local lines = { self.layout:header() }
  for i, row in ipairs(self.sample) do lines[i + 1] = self.layout:line(row) end
  self.sample = nil
  return table.concat(lines, "\n") .. "\n"
end

local FORMATS = {
  json = {
    row = function(self, row)
      local json, problem = encoded(self, chosen(self, row))
      if not json then return nil, problem end
      return (self.count == 0 and "[\n" or ",\n") .. json
    end,
    finish = function(self) return self.count == 0 and "[]\n" or "\n]\n" end,
  },
  jsonl = {
    row = function(self, row)
      local json, problem = encoded(self, chosen(self, row))
      if not json then return nil, problem end
      return json .. "\n"
    end,
    finish = function() return "" end,
  },
  csv = csv.csv(encoded, FIELDS),
  tsv = csv.tsv(encoded, FIELDS),
  table = {
    -- The widths are measured on the first rows; later rows are written at once.
    row = function(self, row)
      if self.layout then return self.layout:line(row) .. "\n" end
      self.sample[#self.sample + 1] = row
      return #self.sample >= SAMPLE and lay_out(self) or ""
    end,
    finish = function(self) return self.layout and "" or lay_out(self) end,
  },
}

-- The writer ----------------------------------------------------------------

local Writer, Metatable = object.class "codeocean.writer"

local function wrote(self, result, message, code)
  if result then return true end
  self.failure = errors.new {
    kind = "output", message = tostring(message), errno = code, pipe = code == EPIPE,
  }
  return nil, self.failure
end

local function write(self, s)
  if s == "" then return true end
  return wrote(self, self.out:write(s))
end

--- row(row) -> true; or nil, err. Writes a row (an asset or any table of fields), or keeps it until
-- the table can be laid out. An error of kind `encode`: this row cannot be written, others can. Of
-- kind `output`: the file cannot be written; it has `errno`, and `pipe` is true if the reader of a
-- pipe has closed it (a command then ends silently). Each later call returns the same error.
function Writer:row(row)
  if type(row) ~= "table" then
    core.complain("row", "row", "table expected, got " .. type(row))
  elseif self.finished then
    core.complain("row", "writer", "it is finished")
  end
  if self.failure then return nil, self.failure end
  local s, problem = self.format.row(self, row)
  if not s then
    problem.id = type(row.id) == "string" and text.escape(row.id) or nil
    return nil, problem
  end
  self.count = self.count + 1
  return write(self, s)
end

--- finish() -> as row(). Writes the rest and flushes. Call it even if there was no row; a second
-- call does nothing.
function Writer:finish()
  if self.failure then return nil, self.failure end
  if self.finished then return true end
  self.finished = true
  local ok, problem = write(self, self.format.finish(self))
  if not ok then return nil, problem end
  return wrote(self, self.out:flush())
end

local function file(value)
  if not system.is_file(value) and type(value) ~= "table" then return "open file" end
end

local function fields(value)
  if type(value) == "table" and next(value) == nil then return "list of names, not empty" end
  return options.list(options.text)(value)
end

M.OPTIONS = {
  { "format", "table", options.choice("table", "json", "jsonl", "csv", "tsv") },
  { "fields", nil, fields },
  { "out", nil, file },
  { "width", nil, options.integer(1) },
  { "colour", false, options.boolean },
  { "iso", false, options.boolean },
  { "encode", default_encode, options.callable },
}

--- writer(options) -> writer. Raises for an unknown option or a value of the wrong type.
--
-- options: format = "table" (default), "json" (one array), "jsonl", "csv" (RFC 4180) or "tsv";
-- fields = list of names, dots reach into tables ("custom_metadata.subject"), nil for the usual
-- ones (json and jsonl: all); out = a file, io.stdout by default; width = columns if `out` is a
-- terminal; colour = boolean; iso = whether csv and tsv write created, last_used and
-- last_transferred as 2022-01-06T12:45:10Z (an empty cell for never), and not as seconds since
-- 1970; encode = function(value) -> JSON, that of codeocean.json by default.
-- Integers are exact in every format. csv and tsv join lists by ";" and hold other
-- tables, and lists with a ";" in an item, as JSON; csv puts a "'" before text that a spreadsheet
-- would run; tsv writes \t, \n, \r and \\. With a `width` control characters are made visible.
function M.writer(given)
  local own = options.read("output.writer", M.OPTIONS, given)
  return setmetatable({
    format = FORMATS[own.format], fields = own.fields, out = own.out or io.stdout,
    iso = own.iso, width = own.width, colour = own.colour, encode = own.encode, count = 0,
    sample = {},
  }, Metatable)
end

return M
