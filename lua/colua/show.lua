--- Show: prints values, errors and messages of a session. Escapes text from the server. The session
-- makes one; all its parts print through it.

local core = require "codeocean.core"
local formats = require "codeocean.output.format"
local tables = require "codeocean.output.table"
local shown_lists = require "colua.shown_list"
local texts = require "codeocean.text"
local values = require "codeocean.output.value"
local errors = require "codeocean.error"
local report_words = require "codeocean.output.report"

local M = {}

local Show = { __name = "colua.show" }
Show.__index = Show

local function itself(value) return value end

--- new(options): write (function of a text), width (function: columns of the terminal), colour;
-- pager(text) writes what may be longer than the screen. The field with_days, a function of
-- codeocean.output.dates, may be set later.
function M.new(options)
  return setmetatable({
    write = options.write, width = options.width, colour = options.colour,
    pager = options.pager, paint = formats.paint(options.colour), list = shown_lists.new(),
    with_days = itself,
  }, Show)
end

function Show:options()
  return { width = self.width() or 80, colour = self.colour }
end

--- line(text [, style]): prints a text of this program, in a style of formats.paint, without
-- secrets: it may quote what was typed.
function Show:line(text, style)
  text = core.mask(text)
  self.write((style and self.paint[style](text) or text) .. "\n")
end

--- text(text): prints a text of any length, through the pager if there is one.
function Show:text(text)
  if self.pager then self.pager(text) else self.write(text .. "\n") end
end

-- Whether the results are nil, err.
local function is_failure(results)
  return results.n >= 2 and results[1] == nil and errors.is(results[2])
end

local function error_text(value)
  if type(value) == "string" or type(value) == "number" then return tostring(value) end
  local described, text = pcall(tostring, value)
  if described and not text:find("^[%a%d_. ]+: 0x%x+$") then return text end
  return ("(an error that is a %s: %s)"):format(type(value), values.show(value))
end

local function escaped_lines(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = texts.escape(line) end
  return table.concat(lines, "\n")
end

-- Whether the value is the page of a search that found nothing.
local function is_empty_page(value)
  local found = type(value) == "table" and rawget(value, "results")
  return type(found) == "table" and rawget(value, "has_more") == false and next(found) == nil
end

local function is_report(value)
  return type(value) == "table" and type(rawget(value, "counts")) == "table"
    and type(rawget(value, "records")) == "table"
end

local REPORTED = { "status", "id", "name", "change" }

-- A function that makes a row of a record. `room`: the columns of a line below the row.
local function row_of(dates, room)
  return function(record)
    return { status = record.status, id = record.id, name = record.name, change = record.error
      and tostring(record.error) or report_words.change(record, dates, room) }
  end
end

local REASONS = 5

-- The errors of the records, which the table cuts, as whole lines; the first few.
local function reasons(report)
  local lines, more = {}, 0
  for _, record in ipairs(report.records) do
    if record.error and #lines < REASONS then
      lines[#lines + 1] = "\n" .. texts.escape(tostring(record.error))
    elseif record.error then
      more = more + 1
    end
  end
  return table.concat(lines) .. (more > 0 and ("\n… %d more"):format(more) or "")
end

local function report_text(self, report, options)
  local counts = {}
  for status, count in pairs(report.counts) do
    if count > 0 then counts[#counts + 1] = ("%d %s"):format(count, status) end
  end
  table.sort(counts)
  local rows = #report.records > 0 and self.list:begin(report.records, options,
    { columns = REPORTED, to_row = row_of(report.dates, options.width - #tables.INDENT),
      counted = true }) .. "\n" or ""
  return rows .. ("%d selected: %s"):format(#report.records, table.concat(counts, ", "))
    .. reasons(report)
end

-- The text of a value. The session's own objects (help, undo) have __shown.
local function text_of(self, value, options)
  local meta = getmetatable(value)
  if type(meta) == "table" and rawget(meta, "__shown") then return meta.__shown(value, options) end
  if is_empty_page(value) then return "no asset matches" end
  if is_report(value) then return report_text(self, value, options) end
  local rows = shown_lists.rows(value)
  if rows then
    return self.list:begin(rows, options, { page = rows ~= value and value or nil,
      to_row = function(row)
        return self.list:has_metadata() and self.with_days(row) or row
      end })
  end
  return values.show(values.is_asset(value) and self.with_days(value) or value, options)
end

--- results(results): prints the results of an expression, each on its own lines; nil, err as a
-- failure.
function Show:results(results)
  if is_failure(results) then return self:failure(results[2]) end
  for i = 1, results.n do self:text(text_of(self, results[i], self:options())) end
end

--- failure(value [, trace]): prints an error and its traceback.
function Show:failure(value, trace)
  self:line(escaped_lines(error_text(value)), "red")
  for _, line in ipairs(trace or {}) do self:line(texts.escape(line), "dim") end
end

--- last(results) -> the value of `_` after these results.
function M.last(results)
  if is_failure(results) then return results[2] end
  return results[1]
end

return M
