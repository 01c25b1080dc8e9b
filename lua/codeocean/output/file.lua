--- A file that takes its place only when it is whole.
--
-- Called for --output, for pages and for the credentials file. A file is written under a random
-- name beside its place and renamed when it is committed: a run that is cut, or a full disk, leaves
-- what was there before. Nothing else is opened, cut or removed. Through a symbolic link its target
-- is replaced; a link to nothing is refused. What is not a file, such as /dev/null or a pipe, is
-- written to as it is.

local core = require "codeocean.core"
local text = require "codeocean.text"

local M = {}

local EEXIST = 17
local LONGEST = 80 -- bytes of the name that stand in the random one

local File = {}
File.__index = File

--- beside(path) -> a path in the same folder that nobody has, most likely.
function M.beside(path)
  local folder, name = path:match("^(.*/)([^/]*)$")
  local number = math.random(0) & math.maxinteger
  return ("%s.%s.%016x.part"):format(folder or "", (name or path):sub(1, LONGEST), number)
end

local function create(place, private)
  while true do
    local path = M.beside(place)
    local out, message, code = core.create_file(path, place, private)
    if code ~= EEXIST then return out, path, message end
  end
end

local function failure(path, message)
  return nil, ("%s: %s"):format(text.escape(path), message)
end

--- open(path [, private]) -> file; or nil and why not, in a line. file.out is what to write to.
-- A private file is its owner's alone; else it has the rights of the file that it replaces.
function M.open(path, private)
  local place = core.absolute(path)
  if not place and core.is_link(path) then
    return failure(path, "it is a symbolic link to nothing")
  elseif not core.replaceable(path) then
    local out, message = io.open(path, "wb")
    if not out then return nil, text.escape(message) end
    return setmetatable({ out = out }, File)
  end
  local out, temporary, message = create(place or path, private)
  if not out then return failure(path, "its folder cannot be written to: " .. message) end
  return setmetatable({ out = out, place = place or path, temporary = temporary }, File)
end

--- commit() -> true once the file is whole, on the disk and in its place; or nil and why not, in a
-- line: then what was there before is still there.
function File:commit()
  if not self.out then return true end
  local ok, message = core.sync_file(self.out)
  local closed, unwritten = self.out:close()
  self.out = nil
  if not (ok and closed) then
    self:discard()
    return failure(self.place or "output", message or unwritten)
  end
  if not self.temporary then return true end
  local moved, problem = os.rename(self.temporary, self.place)
  if not moved then
    self:discard()
    return failure(self.place, problem)
  end
  self.temporary = nil
  return true
end

--- discard(): what was not committed is removed.
function File:discard()
  if self.out then self.out:close() end
  if self.temporary then os.remove(self.temporary) end
  self.out, self.temporary = nil, nil
end

File.__close = File.discard

--- replace(path, content [, private]) -> true once the file holds this; or nil and why not, in a
-- line.
function M.replace(path, content, private)
  local file <close>, problem = M.open(path, private)
  if not file then return nil, problem end
  local written, message = file.out:write(content)
  if not written then return failure(path, message) end
  return file:commit()
end

return M
