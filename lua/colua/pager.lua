--- Pager: writes a long text a screen at a time. Space shows the next screen, Enter the next line,
-- q or Ctrl-C ends it. The session makes one on a terminal that can move its cursor.

local keys = require "colua.line.keys"
local texts = require "codeocean.text"

local M = {}

local function lines_of(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  return lines
end

-- The number of rows that a line takes.
local function height(line, columns)
  local width = texts.width((line:gsub("\27%[[%d;]*m", "")))
  return math.max(1, (width + columns - 1) // columns)
end

-- The last of the lines from `first` on that fit into `rows`; `first` at least.
local function fitting(lines, first, columns, rows)
  local used, last = height(lines[first], columns), first
  while lines[last + 1] and used + height(lines[last + 1], columns) <= rows do
    last = last + 1
    used = used + height(lines[last], columns)
  end
  return last
end

local STEPS = { [" "] = "screen", ["page-down"] = "screen", enter = "line", down = "line",
  q = "end", Q = "end", ["ctrl-c"] = "end", ["ctrl-d"] = "end" }

local function next_step(terminal)
  while true do
    local key, why = keys.read(terminal.byte)
    if not key and why ~= "resized" then return "end" end
    if STEPS[key] then return STEPS[key] end
  end
end

-- Reads the next step at a question below the lines, which is removed afterwards.
local function read_step(terminal, write, left)
  terminal.raw(true)
  write(("-- %d more line%s: Space, Enter, q --"):format(left, left == 1 and "" or "s"))
  local asked, step = pcall(next_step, terminal)
  terminal.raw(false)
  write "\r\27[K"
  if not asked then error(step, 0) end
  return step
end

--- new(terminal, write) -> function(text). terminal: raw, byte, size (src/colua/lterminal.c).
function M.new(terminal, write)
  return function(text)
    local lines, first, step = lines_of(text), 1, "screen"
    while first <= #lines and step ~= "end" do
      local columns, rows = terminal.size()
      local last = step == "line" and first or fitting(lines, first, columns, rows - 1)
      write(table.concat(lines, "\n", first, last) .. "\n")
      first = last + 1
      if first <= #lines then step = read_step(terminal, write, #lines - last) end
    end
  end
end

return M
