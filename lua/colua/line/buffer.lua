--- Buffer: the edited text, of one or more lines, and its cursor. Pure.
--
-- `text` is UTF-8; `at` is the number of bytes before the cursor, never between a character and the
-- marks that are drawn on it. What must hold: every change goes through replace(), so that undo()
-- can take it back. Made by colua.line for each statement.

local texts = require "codeocean.text"

local M = {}

local JOINER = "\u{200D}"
local UNDONE = 200 -- changes that undo() remembers

local Buffer = { __name = "colua.line.buffer" }
Buffer.__index = Buffer

--- new([text]) -> a buffer with the cursor behind the text.
function M.new(text)
  text = text or ""
  return setmetatable({ text = text, at = #text, before = {} }, Buffer)
end

-- Positions --------------------------------------------------------------------------------------

-- Whether what follows `at` is drawn on the character before it.
local function joins(text, at)
  local char = text:match(utf8.charpattern, at + 1)
  return char >= " " and texts.width(char) == 0 or text:sub(at - 2, at) == JOINER
end

-- The positions one character to the left and to the right of `at`.
local function left_of(text, at)
  while at > 0 do
    at = utf8.offset(text, -1, at + 1) - 1
    if at > 0 and not joins(text, at) then return at end
  end
  return at
end

local function right_of(text, at)
  while at < #text do
    at = utf8.offset(text, 2, at + 1) - 1
    if at < #text and not joins(text, at) then return at end
  end
  return at
end

-- The start and the end of the line that holds `at`.
local function line_start(text, at)
  return #(text:sub(1, at):match("^.*\n") or "")
end

local function line_end(text, at)
  return (text:find("\n", at + 1, true) or #text + 1) - 1
end

local function word_left(text, at)
  return #text:sub(1, at):gsub("[^%w_\128-\255]*$", ""):gsub("[%w_\128-\255]*$", "")
end

local function word_right(text, at)
  local _, last = text:find("^[^%w_\128-\255]*[%w_\128-\255]*", at + 1)
  return last
end

-- Changing ---------------------------------------------------------------------------------------

--- replace(from, to, text) -> the old text between `from` and `to`, which `text` replaces. The
-- cursor stands after it.
function Buffer:replace(from, to, text)
  local gone = self.text:sub(from + 1, to)
  if gone == text then return gone end
  self.before[#self.before + 1] = { self.text, self.at }
  if #self.before > UNDONE then table.remove(self.before, 1) end
  self.text = self.text:sub(1, from) .. text .. self.text:sub(to + 1)
  self.at = from + #text
  return gone
end

function Buffer:insert(text)
  self:replace(self.at, self.at, text)
end

--- set(text): replaces the whole text; the cursor stands at its end.
function Buffer:set(text)
  self:replace(0, #self.text, text)
end

function Buffer:undo()
  local last = table.remove(self.before)
  if last then self.text, self.at = last[1], last[2] end
end

-- Moving -----------------------------------------------------------------------------------------

-- Name of a move -> function(text, at) -> the new position.
local MOVES = {
  left = left_of, right = right_of, line_start = line_start, line_end = line_end,
  word_left = word_left, word_right = word_right,
  text_start = function() return 0 end, text_end = function(text) return #text end,
}

function Buffer:move(name)
  self.at = MOVES[name](self.text, self.at)
end

--- delete(name) -> the deleted text: that between the cursor and the target of the move.
function Buffer:delete(name)
  local other = MOVES[name](self.text, self.at)
  return self:replace(math.min(self.at, other), math.max(self.at, other), "")
end

-- The position `count` characters after a line's start, or the line's end.
local function place_in_line(text, start, count)
  local stop = line_end(text, start)
  local offset = utf8.offset(text, count + 1, start + 1)
  return math.min(offset and offset - 1 or stop, stop)
end

--- up(), down() -> whether there was such a line. Move the cursor to the same column of it.
function Buffer:up()
  local start = line_start(self.text, self.at)
  if start == 0 then return false end
  local column = utf8.len(self.text, start + 1, self.at)
  self.at = place_in_line(self.text, line_start(self.text, start - 1), column)
  return true
end

function Buffer:down()
  local stop = line_end(self.text, self.at)
  if stop == #self.text then return false end
  local column = utf8.len(self.text, line_start(self.text, self.at) + 1, self.at)
  self.at = place_in_line(self.text, stop + 1, column)
  return true
end

--- indent() -> the blanks that the cursor's line begins with.
function Buffer:indent()
  return self.text:match("^[ \t]*", line_start(self.text, self.at) + 1)
end

--- at_margin() -> whether only blanks stand before the cursor in its line.
function Buffer:at_margin()
  return not self.text:sub(line_start(self.text, self.at) + 1, self.at):find("[^ \t]")
end

return M
