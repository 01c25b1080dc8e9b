--- What a session prints: values, errors, notes. Everything goes through codeocean.display, which
-- escapes what came from a server.

local display = require "codeocean.display"
local errors = require "codeocean.error"

local M = {}

local Show = { __name = "codeocean.repl.show" }
Show.__index = Show

--- new(options): write (function of a text), width (function: columns of the terminal), colour.
function M.new(options)
  return setmetatable({
    write = options.write, width = options.width, colour = options.colour,
    paint = display.paint(options.colour),
  }, Show)
end

function Show:options()
  return { width = self.width() or 80, colour = self.colour }
end

--- A text of our own, in a style of display.paint if one is named.
function Show:line(text, style)
  self.write((style and self.paint[style](text) or text) .. "\n")
end

-- What a call gave that failed without raising.
local function is_failure(results)
  return results.n >= 2 and results[1] == nil and errors.is(results[2])
end

local function error_text(value)
  if type(value) == "string" or type(value) == "number" then return tostring(value) end
  local described, text = pcall(tostring, value)
  if described and not text:find("^[%a%d_. ]+: 0x%x+$") then return text end
  return ("(an error that is a %s: %s)"):format(type(value), display.value(value))
end

local function escaped_lines(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = display.escape(line) end
  return table.concat(lines, "\n")
end

-- A search that found nothing should say so.
local function is_empty_page(value)
  local found = type(value) == "table" and rawget(value, "results")
  return type(found) == "table" and rawget(value, "has_more") == false and next(found) == nil
end

--- The results of an expression, each on lines of its own; a failure as its message.
function Show:results(results)
  if is_failure(results) then return self:failure(results[2]) end
  for i = 1, results.n do
    local value = results[i]
    self:line(is_empty_page(value) and "no asset matches" or display.value(value, self:options()))
  end
end

--- An error's message, and where it came from.
function Show:failure(value, trace)
  self:line(escaped_lines(error_text(value)), "red")
  for _, line in ipairs(trace or {}) do self:line(display.escape(line), "dim") end
end

--- What `_` is after these results.
function M.last(results)
  if is_failure(results) then return results[2] end
  return results[1]
end

return M
