--- Reads the lines of a text with their numbers, with any line end (LF, CRLF, CR) and in any usual
-- encoding. Called by the readers of JSON, tables and plain lists, which may give lines back.

local encoding = require "codeocean.input.encoding"

local M = {}

local CHUNK = 65536

local Lines = {}
Lines.__index = Lines

-- A reader of the bytes of an open file, or of a function that gives lines with or without their
-- ends. Once the function has returned nil it is not called again: that of io.lines would raise.
local function byte_reader(source)
  if type(source) ~= "function" then
    return function(size) return source:read(size) end
  end
  local ended = false
  return function()
    if ended then return nil end
    local line, problem = source()
    ended = line == nil
    if line and line:sub(-1) ~= "\n" then line = line .. "\n" end
    return line, problem
  end
end

--- open(source) -> lines; or nil and what the source is if it is not text. `source` is an open
-- file, an object with read(self, size), or a function that gives the next line, nil at the end.
function M.open(source)
  local read, problem = encoding.reader(byte_reader(source))
  if not read then return nil, problem end
  return setmetatable({ read = read, text = "", position = 1, number = 0, returned = {} }, Lines)
end

-- Reads the next piece. Pieces double in size, so that one long line takes time in proportion to
-- its length.
local function fill(self)
  local rest = self.text:sub(self.position)
  local chunk, problem = self.read(math.max(CHUNK, #rest))
  self.text, self.position = rest .. (chunk or ""), 1
  self.ended, self.failure = chunk == nil, self.failure or problem
end

-- The first and last byte of the next line end; nil if more must be read to tell.
local function line_end(self)
  local first = self.text:find("[\r\n]", self.position)
  if not first then return nil end
  local _, last = self.text:find("^\r*\n", first)
  if last then return first, last end
  local _, carriage_returns = self.text:find("^\r+", first)
  if carriage_returns == #self.text and not self.ended then return nil end
  return first, first
end

local function split(self)
  local first, last = line_end(self)
  while not first and not self.ended do
    fill(self)
    first, last = line_end(self)
  end
  if not first then
    first, last = #self.text + 1, #self.text
    if self.position > #self.text then return nil end
  end
  local line, ending = self.text:sub(self.position, first - 1), self.text:sub(first, last)
  self.position = last + 1
  return line, ending
end

--- next() -> the next line without its end, its number and its end; nil at the end of the source.
-- Then `failure` says why the source could not be read to its end, if it could not.
function Lines:next()
  local returned = table.remove(self.returned)
  if returned then return table.unpack(returned, 1, 3) end
  local line, ending = split(self)
  if not line then return nil end
  self.number = self.number + 1
  return line, self.number, ending
end

--- unread(list): these lines are read again. list: of {line, number, end}, as next() gave them and
-- in their order.
function Lines:unread(list)
  for i = #list, 1, -1 do table.insert(self.returned, list[i]) end
end

--- peek(count) -> a list of the next lines, as for unread; they are read again.
function Lines:peek(count)
  local list = {}
  while #list < count do
    local line, number, ending = self:next()
    if not line then break end
    list[#list + 1] = { line, number, ending }
  end
  self:unread(list)
  return list
end

return M
