--- Writes the rows of a command to standard output or the file of --output, in the format that its
-- options name. Called by codeocean.cli for every command that lists.
--
-- What must hold: an unfinished file never replaces the old one; a row that the format cannot hold
-- is reported and counted, and the others are written.

local columns = require "codeocean.output.columns"
local core = require "codeocean.core"
local errors = require "codeocean.error"
local expressions = require "codeocean.expression"
local files = require "codeocean.output.file"
local formats = require "codeocean.output.format"
local groups = require "codeocean.estate.groups"
local short_ids = require "codeocean.cli.short_ids"
local output = require "codeocean.output"
local reports = require "codeocean.output.report"
local tables = require "codeocean.output.table"
local texts = require "codeocean.text"

local M = {}

--- format(args) -> json, jsonl, csv, tsv or table: the one that the options name; else table on a
-- terminal, tsv elsewhere.
function M.format(args)
  if args.print then return "jsonl" end
  for _, format in ipairs { "json", "jsonl", "csv", "tsv" } do
    if args[format] then return format end
  end
  return not args.output and core.columns(io.stdout) and "table" or "tsv"
end

local Rows = { __name = "codeocean.cli.output" }
Rows.__index = Rows

--- Removes an unfinished file; the old one stays.
function Rows:__close()
  if self.file then self.file:discard() end
end

-- Handles the result of a write: true; false once the reader has closed the pipe, for the work then
-- continues silently. A row that the format cannot hold is reported and counted.
local function wrote(self, ok, problem)
  if ok then return true end
  if problem.pipe then return false end
  if problem.kind == "output" then error(problem, 0) end
  self.eprint("%s", tostring(problem))
  self.lost = self.lost + 1
  return true
end

-- Reports the fields of a row that could not be read as the server sent them.
local function name_unreadable(self, row)
  if type(row.unreadable) ~= "table" then return end
  for field, problem in pairs(row.unreadable) do
    self.eprint("%s: its %s could not be read whole: %s", row.id, field, problem)
  end
  self.lost = self.lost + 1
end

--- row(row) -> true; false once the reader has closed the pipe. `lost` counts rows that the format
-- cannot hold and rows with fields that could not be read.
function Rows:row(row)
  for field in pairs(self.unseen) do
    if columns.value(row, field) ~= nil then self.unseen[field] = nil end
  end
  self.count = self.count + 1
  name_unreadable(self, row)
  if self.totals then self.totals:add(row) end
  if self.listing then self.listing:add(row.id) end
  return wrote(self, self.writer:row(self.with_days and self.with_days(row) or row))
end

--- finish(): ends the output, and reports each field of --fields that no row has (a misspelling?).
function Rows:finish()
  local going_on = wrote(self, self.writer:finish())
  if self.file and going_on then
    local whole, problem = self.file:commit()
    if not whole then error(errors.new { kind = "output", message = problem }, 0) end
  end
  if self.totals then
    local total = self.totals.total
    self.eprint("%s, %s", reports.count(total.count, "asset"), reports.volume(total))
  end
  if self.listing then self.listing:save() end
  for _, field in ipairs(self.count > 0 and self.asked or {}) do
    if self.unseen[field] then self.eprint("no row has a field '%s'", texts.escape(field)) end
  end
  return going_on
end

-- The line for a terminal. The tabs between the values, which the user asked for, stay.
local function shown_line(line) return (line:gsub("[^\t]+", texts.escape)) end

-- The encoder of --print, used in place of JSON.
local function line_of(args, width)
  return function(asset)
    local line = expressions.format(args.print(asset))
    return width and shown_line(line) or line
  end
end

-- The sums that a terminal shows at the end; none for a command with its own columns.
local function totals_for(fields)
  if fields or not core.columns(io.stderr) then return nil end
  return groups.of_year()
end

local function set_of(names)
  local set = {}
  for _, name in ipairs(names or {}) do set[name] = true end
  return set
end

-- The writer of codeocean.output. JSON has all fields unless --fields names some.
local function writer_to(out, args, fields)
  local width, format = core.columns(out), M.format(args)
  local json = format == "json" or format == "jsonl"
  return output.writer {
    encode = args.print and line_of(args, width) or nil, format = format, width = width,
    fields = args.fields or (not json and fields or nil), iso = not args.epoch,
    colour = formats.colours(os.getenv, width ~= nil), out = out,
  }
end

-- The listing to keep; only of a table on a terminal.
local function listing_for(args)
  if not args.host or M.format(args) ~= "table" then return nil end
  return short_ids.new(args.host)
end

-- args.with_days for a table with a column of custom metadata.
local function days_for(args)
  for _, field in ipairs(M.format(args) == "table" and args.fields or {}) do
    if field:find "^custom_metadata" then return args.with_days end
  end
end

-- The columns of a line below a row of a table on a terminal; nil elsewhere.
local function room_for(args)
  local width = M.format(args) == "table" and core.columns(io.stdout)
  return width and width - #tables.INDENT or nil
end

--- open(args, fields, eprint) -> an object with row(), finish(), `lost`, and `room` for the changes
-- of a report (codeocean.output.report); or nil and why the file of --output cannot be written.
-- Hold the object in a <close> variable, which removes an unfinished file. `fields` (or nil): the
-- columns when --fields names none. eprint(format, …) prints a line on standard error.
function M.open(args, fields, eprint)
  local file, problem
  if args.output then
    file, problem = files.open(args.output)
    if not file then return nil, problem end
  end
  local writer = writer_to(file and file.out or io.stdout, args, fields)
  return setmetatable({ writer = writer, room = room_for(args), file = file, eprint = eprint,
    unseen = set_of(args.fields), totals = totals_for(fields), listing = listing_for(args),
    with_days = days_for(args),
    asked = args.fields, count = 0, lost = 0 }, Rows)
end

return M
