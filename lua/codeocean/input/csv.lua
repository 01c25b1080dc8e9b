--- One record of separated text (RFC 4180, any separator): quoted cells may hold the separator,
-- doubled quotes and line ends. Called by the readers of headers and tables. Pure.

local M = {}

-- Reads a quoted cell whose first quote stands before `position`. Returns its text, the line it
-- ends in and the position behind it; nil if it never ends.
local function quoted_cell(line, position, next_line)
  local parts, line_end = {}
  while true do
    local quote = line:find('"', position, true)
    if not quote then
      parts[#parts + 1] = line:sub(position)
      line, line_end = next_line()
      if not line then return nil end
      parts[#parts + 1], position = line_end or "\n", 1
    elseif line:sub(quote + 1, quote + 1) == '"' then
      parts[#parts + 1] = line:sub(position, quote)
      position = quote + 2
    else
      parts[#parts + 1] = line:sub(position, quote - 1)
      return table.concat(parts), line, quote + 1
    end
  end
end

local function no_line() return nil end

--- record(line, separator [, next_line]) -> the list of a record's texts; nil if a quote is never
-- closed, or if text follows a closed one: the sign of a stray quote that was closed by one of the
-- next row. `line` has no line end, `separator` is one character. next_line() gives the line that
-- follows in the file and the line end before it ("\n" if none is given); it is called only while a
-- quote is open.
function M.record(line, separator, next_line)
  local cells, position = {}, 1
  while true do
    local quoted
    if line:sub(position, position) == '"' then
      quoted, line, position = quoted_cell(line, position + 1, next_line or no_line)
      if not quoted then return nil end
    end
    local stop = line:find(separator, position, true)
    local rest = line:sub(position, (stop or 0) - 1)
    if quoted and rest:find("[^ ]") then return nil end
    cells[#cells + 1] = quoted or rest
    if not stop then return cells end
    position = stop + 1
  end
end

return M
