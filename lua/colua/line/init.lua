--- Line: edits a statement of one or more lines as a block, on a terminal that can move its cursor.
-- The session makes one editor and calls read() for each statement. The keys are those of readline.
--
-- libedit is not used, since it edits single lines only: it cannot draw a block that is taller than
-- the window, cannot reach an earlier line, and does not know when a statement is complete.

local buffers = require "colua.line.buffer"
local keys = require "colua.line.keys"
local pastes = require "colua.line.paste"
local screens = require "colua.line.screen"
local searches = require "colua.line.search"

local M = {}

local Editor = { __name = "colua.line" }
Editor.__index = Editor

--- new(options) -> editor. options: terminal (src/colua/lterminal.c), write(text), entries (the
-- history, a list of texts, the newest last), complete(text, at) -> text to insert, list to show;
-- incomplete(text) -> whether the statement goes on; hint(text, at) -> a line or nil; spans(text),
-- its colours (colua.line.highlight), nil on a terminal without colours, which gets no suggestions
-- either.
function M.new(options)
  local self = setmetatable({ killed = "" }, Editor)
  for name, value in pairs(options) do self[name] = value end
  self.screen = screens.new(self.write, self.terminal.size)
  return self
end

-- The history ------------------------------------------------------------------------------------

-- Shows the entry at `place`. The place after the last entry holds what the user typed.
local function recall(self, place)
  if place < 1 or place > #self.entries + 1 or place == self.place then return end
  if self.place == #self.entries + 1 then self.typed = self.buffer.text end
  self.place = place
  self.buffer:set(self.entries[place] or self.typed)
end

-- Shows the next entry that begins with the text before the cursor.
local function recall_alike(self, step)
  local start = self.buffer.text:sub(1, self.buffer.at)
  local place = self.place + step
  while self.entries[place] and self.entries[place]:sub(1, #start) ~= start do
    place = place + step
  end
  recall(self, place)
  self.buffer.at = math.min(#start, #self.buffer.text)
end

-- The rest of the newest entry that begins with the text; nil unless the cursor is at the end.
local function suggestion(self)
  local text = self.buffer.text
  if not self.spans or self.search or text == "" or self.buffer.at < #text then return nil end
  for i = #self.entries, 1, -1 do
    local entry = self.entries[i]
    if #entry > #text and entry:sub(1, #text) == text then return entry:sub(#text + 1) end
  end
end

-- Keys -------------------------------------------------------------------------------------------

local function mover(name)
  return function(self) self.buffer:move(name) end
end

local function deleter(name)
  return function(self) self.buffer:delete(name) end
end

-- Accepts the suggestion at the end of the text; elsewhere moves the cursor.
local function accepter(name)
  return function(self)
    local rest = suggestion(self)
    if rest then return self.buffer:insert(rest) end
    self.buffer:move(name)
  end
end

-- Deletes text and keeps it for Ctrl-Y.
local function cutter(name)
  return function(self)
    local cut = self.buffer:delete(name)
    if cut ~= "" then self.killed = cut end
  end
end

local function up(self)
  if not self.buffer:up() then recall(self, self.place - 1) end
end

local function down(self)
  if not self.buffer:down() then recall(self, self.place + 1) end
end

local function new_line(self)
  local indent = self.terminal.byte_waits() and "" or self.buffer:indent()
  self.buffer:insert("\n" .. indent)
end

local function enter(self)
  if self.incomplete(self.buffer.text) then return new_line(self) end
  return "line"
end

local function end_of_input(self)
  if self.buffer.text == "" then return "end" end
  self.buffer:delete "right"
end

local function cut_word(self)
  local before = self.buffer.text:sub(1, self.buffer.at):match("%S+%s*$") or ""
  if before == "" then return end
  self.killed = before
  self.buffer:replace(self.buffer.at - #before, self.buffer.at, "")
end

local function complete(self)
  if self.buffer:at_margin() then return self.buffer:insert "  " end
  local insert, list = self.complete(self.buffer.text, self.buffer.at)
  if insert then self.buffer:insert(insert) end
  if list then self:show_below(list) end
end

local function clear_screen(self)
  self.write "\27[H\27[2J"
  self.screen:forget()
end

local function suspend(self)
  self.screen:finish(self:view())
  self.terminal.suspend()
end

local ACTIONS = {
  enter = enter, ["alt-enter"] = new_line, tab = complete,
  ["ctrl-c"] = function() return "interrupted" end, ["ctrl-d"] = end_of_input,
  ["ctrl-z"] = suspend, ["ctrl-l"] = clear_screen,
  ["ctrl-r"] = function(self) self.search = searches.new(self.entries) end,
  left = mover "left", right = accepter "right", home = mover "line_start",
  ["end"] = accepter "line_end",
  ["ctrl-b"] = mover "left", ["ctrl-f"] = accepter "right", ["ctrl-a"] = mover "line_start",
  ["ctrl-e"] = accepter "line_end", ["alt-b"] = mover "word_left", ["alt-f"] = mover "word_right",
  ["alt-<"] = mover "text_start", ["alt->"] = mover "text_end",
  backspace = deleter "left", delete = deleter "right",
  ["ctrl-k"] = cutter "line_end", ["ctrl-u"] = cutter "line_start", ["ctrl-w"] = cut_word,
  ["alt-d"] = cutter "word_right", ["alt-backspace"] = cutter "word_left",
  ["ctrl-y"] = function(self) self.buffer:insert(self.killed) end,
  ["ctrl-_"] = function(self) self.buffer:undo() end,
  up = up, down = down, ["ctrl-p"] = up, ["ctrl-n"] = down,
  ["alt-p"] = function(self) recall_alike(self, -1) end,
  ["alt-n"] = function(self) recall_alike(self, 1) end,
}
ACTIONS["page-up"], ACTIONS["page-down"] = ACTIONS["alt-p"], ACTIONS["alt-n"]

-- Gives a key to the search of the history; true if the search has used it. At the end of the
-- search, the text found replaces the buffer.
local function search_key(self, key)
  local state = self.search:key(key)
  if state == "on" then return true end
  local found = state == nil and self.search:match()
  self.search = nil
  if found then self.buffer:set(found) end
  return state == "off"
end

local function insert_paste(self, text)
  self.buffer:insert(pastes.statements(text, screens.plain(self.prompt)))
end

local function act(self, key, pasted)
  if self.search and search_key(self, key) then return nil end
  if pasted then return insert_paste(self, pasted) end
  local action = ACTIONS[key]
  if action then return action(self) end
  if #key == 1 or key:byte() >= 0x80 then self.buffer:insert(key) end
end

-- Drawing ----------------------------------------------------------------------------------------

--- view([done]) -> the view for the screen. `done`: for the last time, without hint and suggestion.
function Editor:view(done)
  local buffer, search = self.buffer, self.search
  local found = search and (search:match() or buffer.text)
  local text = found or buffer.text
  local hint = not (search or done) and self.hint and self.hint(buffer.text, buffer.at)
  local rest = not done and suggestion(self)
  return { text = text, at = found and #found or buffer.at,
    prompt = search and search:prompt() or self.prompt, more = self.more,
    spans = self.spans and self.spans(text), below = hint and { hint } or nil,
    suggestion = rest and rest:gsub("\n.*", " …") or nil }
end

--- show_below(text): prints lines under the block; the next draw shows the block below them.
function Editor:show_below(text)
  self.screen:finish(self:view(true))
  self.write((text:gsub("\n", "\r\n")) .. "\r\n")
end

-- Reading ----------------------------------------------------------------------------------------

-- Reads a key. Does not draw while more keys wait, so pasted text is drawn once.
local function next_key(self)
  if not self.terminal.byte_waits() then self.screen:draw(self:view()) end
  return keys.read(self.terminal.byte)
end

local REASONS = { resized = "resized", interrupted = "interrupted" }

local function edit(self)
  while true do
    local key, more = next_key(self)
    local reason = not key and (REASONS[more] or "end")
    if reason == "resized" then
      self.screen:resized()
    else
      reason = reason or act(self, key, more)
      if reason then return reason end
    end
  end
end

local function end_editing(self, reason)
  self.search = nil
  self.buffer.at = #self.buffer.text
  if reason == "end" then return self.screen:draw(self:view(true)) end
  if reason == "line" then return self.screen:finish(self:view(true), true) end
  self.screen:draw(self:view(true))
  self.write "^C\r\n"
end

--- begin_row(): goes to the start of an empty row, below what was printed.
function Editor:begin_row()
  self.screen:begin()
end

--- read(prompt, more [, text]) -> a whole statement; or nil, "end" or "interrupted", and the text.
-- `more`: the prompt of further lines; `text`: the text to begin with.
function Editor:read(prompt, more, text)
  self.prompt, self.more = prompt, more
  self.buffer, self.place, self.typed = buffers.new(text), #self.entries + 1, ""
  self.terminal.raw(true)
  self:begin_row()
  local done, reason = pcall(edit, self)
  if done then end_editing(self, reason) end
  self.terminal.raw(false)
  self.screen:forget()
  if not done then error(reason, 0) end
  if reason == "line" then return self.buffer.text end
  return nil, reason, self.buffer.text ~= "" and self.buffer.text or nil
end

return M
