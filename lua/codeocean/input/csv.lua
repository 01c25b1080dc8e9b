-- Reads one record of a CSV file (RFC 4180): quoted cells may hold the separator, doubled quotes
-- and line ends. Pure.

local M = {}

-- Reads a quoted cell whose first quote stands before `position`. Returns its text, the line it
-- ends in and the position behind it; nil if it never ends.
local function quoted_cell(line, position, next_line)
  local parts = {}
  while true do
    local quote = line:find('"', position, true)
    if not quote then
      parts[#parts + 1] = line:sub(position) .. "\n"
      line, position = next_line(), 1
      if not line then return nil end
    elseif line:sub(quote + 1, quote + 1) == '"' then
      parts[#parts + 1] = line:sub(position, quote)
      position = quote + 2
    else
      parts[#parts + 1] = line:sub(position, quote - 1)
      return table.concat(parts), line, quote + 1
    end
  end
end

local function nothing() return nil end

-- Splits a record into its cells.
--   line       its first line, without a line end
--   separator  one character
--   next_line  returns the line that follows in the file, asked only while a quote is open; by
--              default there is none
-- Returns a list of texts, or nil if a quote is never closed or if text follows a closed one: that
-- is the sign of a stray quote that was closed by one of the next row.
function M.record(line, separator, next_line)
  local cells, position = {}, 1
  while true do
    local quoted
    if line:sub(position, position) == '"' then
      quoted, line, position = quoted_cell(line, position + 1, next_line or nothing)
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
