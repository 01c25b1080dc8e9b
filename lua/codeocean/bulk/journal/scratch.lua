--- Scratch: the lines of a journal without a path (a dry run, or `journal = false`), in a temporary
-- file without a name, so that a run over a million assets takes little memory.
--
-- Created by codeocean.bulk.journal, read by its ledger. The system removes the file once it is
-- closed.

local errors = require "codeocean.error"
local json = require "codeocean.json"
local object = require "codeocean.object"

local M = {}

local Scratch, metatable = object.class "codeocean.bulk.scratch"

local function failure(message)
  return errors.new { kind = "journal", outcome = "not_sent",
    message = "temporary file: " .. tostring(message) }
end

--- new() -> scratch; or nil, err of kind `journal` when there can be no temporary file.
function M.new()
  local file, message = io.tmpfile()
  if not file then return nil, failure(message) end
  return setmetatable({ file = file, size = 0 }, metatable)
end

--- add(line) -> the place of the line, below 0. Raises an error of kind `journal` on a full disk.
function Scratch:add(line)
  local text, place = json.encode(line) .. "\n", -1 - self.size
  if self.reading then self.file:seek "end" end
  self.reading = false
  local ok, message = self.file:write(text)
  if not ok then error(failure(message), 0) end
  self.size = self.size + #text
  return place
end

--- line(place) -> the line at that place, read again.
function Scratch:line(place)
  self.reading = true
  self.file:seek("set", -1 - place)
  return json.decode(self.file:read "L" or "", true) or {}
end

--- close(): closes the file, and the lines are gone.
function Scratch:close() self.file:close() end

return M
