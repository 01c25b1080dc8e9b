--- Screen: draws the edited text below the output before it. Redraws only rows that changed,
-- scrolls a text that is taller than the window, and uses only the escape sequences that every
-- terminal knows.
--
-- A view is {text, at (bytes before the cursor), prompt, more (the prompt of further lines), below
-- (lines under the text), spans (colours: colua.line.highlight), suggestion (text behind the last
-- character, dim; cut where the row ends)}. In a prompt \1 encloses what takes no column. Made by
-- colua.line.

local texts = require "codeocean.text"

local M = {}

local TAB = "    "
local DIM, PLAIN = "\27[2m", "\27[0m"

local Screen = { __name = "colua.line.screen" }
Screen.__index = Screen

--- new(write, size): `write(text)`; `size()` -> columns, rows of the window.
function M.new(write, size)
  return setmetatable({ write = write, size = size, rows = {}, row = 1, column = 0, top = 1 },
    Screen)
end

-- Rows -------------------------------------------------------------------------------------------

--- plain(prompt) -> what it shows, without colours.
function M.plain(prompt)
  return (prompt:gsub("\1.-\1", ""))
end

local function marks_out(prompt)
  return (prompt:gsub("\1", ""))
end

-- A layout collects rows; `add` appends a character in a colour (an escape sequence, or nil). Each
-- row ends without a colour, so that it can be drawn alone.
local Layout = {}
Layout.__index = Layout

function Layout:append(shown)
  self.rows[#self.rows] = self.rows[#self.rows] .. shown
end

function Layout:set_colour(colour)
  if colour == self.colour then return end
  self:append((self.colour and PLAIN or "") .. (colour or ""))
  self.colour = colour
end

function Layout:new_row(shown, width)
  self:set_colour(nil)
  self.rows[#self.rows + 1] = shown
  self.used = width
end

function Layout:add(char, width, colour)
  if self.used + width > self.columns then self:new_row("", 0) end
  self:set_colour(colour)
  self:append(char)
  self.used = self.used + width
end

-- Sets the cursor here. After a full row it stands at the start of the next.
function Layout:mark()
  if self.used >= self.columns then self:new_row("", 0) end
  self.row, self.column = #self.rows, self.used
end

-- Adds the rows of a prompt. One that the user has set may have several lines.
local function add_prompt(layout, prompt)
  for line in (prompt .. "\n"):gmatch "(.-)\n" do
    layout:new_row(marks_out(line), texts.width(M.plain(line)))
  end
end

-- colours(spans) -> function(byte) -> the colour of the character that begins there; call it from
-- left to right.
local function colours(spans)
  local i = 1
  return function(byte)
    while spans[i] and spans[i][2] < byte do i = i + 1 end
    return spans[i] and spans[i][1] <= byte and spans[i][3] or nil
  end
end

local function add_text(layout, view)
  local at, colour_of = 0, colours(view.spans or {})
  for char in view.text:gmatch(utf8.charpattern) do
    if at == view.at then layout:mark() end
    local colour = colour_of(at + 1)
    at = at + #char
    if char == "\n" then
      add_prompt(layout, view.more)
    elseif char == "\t" then
      layout:add(TAB, #TAB, colour)
    else
      layout:add(char, texts.width(char), colour)
    end
  end
  if at == view.at then layout:mark() end
  layout:set_colour(nil)
end

-- Leaves the last column free, so that the suggestion never wraps the cursor.
local function add_suggestion(layout, suggestion)
  local room = layout.columns - layout.used - 1
  if room <= 0 then return end
  layout:append(DIM .. texts.clip(suggestion, room) .. PLAIN)
end

-- The layout of a view: rows, and row and column of the cursor.
local function lay_out(view, columns)
  local layout = setmetatable({ rows = {}, used = 0, columns = columns }, Layout)
  add_prompt(layout, view.prompt)
  add_text(layout, view)
  if view.suggestion then add_suggestion(layout, view.suggestion) end
  for _, line in ipairs(view.below or {}) do layout:new_row(texts.clip(line, columns - 1), 0) end
  return layout
end

-- The rows around the cursor that have room in the height, and the cursor's row among them.
local function cut(self, layout, height)
  local last = math.max(1, #layout.rows - height + 1)
  self.top = math.min(self.top, last, layout.row)
  self.top = math.max(self.top, layout.row - height + 1)
  local rows = table.move(layout.rows, self.top, math.min(#layout.rows, self.top + height - 1), 1,
    {})
  return rows, layout.row - self.top + 1
end

-- Drawing ----------------------------------------------------------------------------------------

local function moved(from, to)
  if to < from then return ("\27[%dA"):format(from - to) end
  return ("\r\n"):rep(to - from)
end

local function first_difference(old, new)
  for i = 1, math.max(#old, #new) do
    if old[i] ~= new[i] then return i end
  end
end

local function without_escapes(text)
  return (text:gsub("\27%[[%d;]*m", ""))
end

-- The new text, if nothing but text at the cursor was added (the usual case); else nil.
local function typed(self, rows, row, column)
  local i = first_difference(self.rows, rows)
  local old, new = self.rows[i or 0], rows[i or 0]
  local simple = i and i == #rows and #rows == #self.rows and row == i and self.row == i
    and new:sub(1, #old) == old and self.at_end and not new:find("\27", #old + 1, true)
  if not simple or column ~= self.column + texts.width(new:sub(#old + 1)) then return nil end
  return new:sub(#old + 1)
end

-- The output that draws the rows from the first that differs, and the row of the cursor afterwards.
-- A row is cleared before it is written: after a full row the cursor still stands on its last
-- column.
local function redrawn(self, rows)
  local from = first_difference(self.rows, rows)
  if not from then return "", self.row end
  local parts = { moved(self.row, from), "\r" }
  for i = from, #rows do
    parts[#parts + 1] = (i > from and "\r\n" or "") .. "\27[K" .. rows[i]
  end
  local at = math.max(from, #rows)
  if from > #rows then
    parts[#parts + 1] = "\27[J"
  elseif #self.rows > #rows then
    parts[#parts + 1] = "\r\n\27[J\27[A"
  end
  return table.concat(parts), at
end

local function placed(from, row, column)
  return moved(from, row) .. "\r" .. (column > 0 and ("\27[%dC"):format(column) or "")
end

--- draw(view [, whole]): shows the view. `whole`: also the rows that the window has no room for,
-- which scroll out of it.
function Screen:draw(view, whole)
  local columns, height = self.size()
  local layout = lay_out(view, columns)
  local rows, row = cut(self, layout, whole and #layout.rows or height)
  local more = typed(self, rows, row, layout.column)
  if more then
    self.write(more)
  else
    local text, at = redrawn(self, rows)
    self.write(text .. placed(at, row, layout.column))
  end
  self.rows, self.row, self.column = rows, row, layout.column
  self.at_end = view.at == #view.text and #(view.below or {}) == 0
end

--- resized(): clears the rows, which the terminal may have wrapped; the next draw shows them again.
function Screen:resized()
  local columns = self.size()
  local function last_row_of(width) return math.max(0, width - 1) // columns end
  local function width_of(row) return texts.width(without_escapes(row)) end
  -- Behind the last character of a full row the cursor stays on that row.
  local at_end = self.column >= width_of(self.rows[self.row] or "")
  local above = at_end and last_row_of(self.column) or self.column // columns
  for i = 1, self.row - 1 do above = above + last_row_of(width_of(self.rows[i])) + 1 end
  self.write("\r" .. (above > 0 and ("\27[%dA"):format(above) or "") .. "\27[J")
  self:forget()
end

--- begin(): goes to the start of an empty row: below an output that did not end with a newline.
-- Blanks as wide as the window wrap into the next row unless the cursor stands in the first column.
function Screen:begin()
  self.write((" "):rep((self.size())) .. "\r\27[K")
end

--- forget(): the next draw begins where the cursor stands now.
function Screen:forget()
  self.rows, self.row, self.column, self.top = {}, 1, 0, 1
end

--- finish(view [, whole]): draws the view a last time and moves the cursor below it (to the empty
-- row after a full one).
function Screen:finish(view, whole)
  self:draw(view, whole)
  local below = self.rows[#self.rows] == "" and "\r" or "\r\n"
  self.write(moved(self.row, #self.rows) .. below)
  self:forget()
end

return M
