--- Replaces a file as a whole or not at all.
--
-- Called for --output, for pages and for the credentials file. The content is written to a new file
-- with a random name in the same folder, which is renamed when it is committed. What must hold: an
-- interrupted program or a full disk leaves the old file as it was, and no other file is opened,
-- truncated or removed. A symbolic link has its target replaced; a dangling link is refused. A
-- device or a pipe (/dev/null) is written to directly.

local core = require "codeocean.core"
local text = require "codeocean.text"

local M = {}

local EEXIST = 17
local LONGEST = 80 -- bytes of the file's name that the random name begins with

local File = {}
File.__index = File

--- beside(path) -> a random path in the same folder; most likely no such file exists.
function M.beside(path)
  local folder, name = path:match("^(.*/)([^/]*)$")
  return ("%s.%s.%016x.part"):format(folder or "", (name or path):sub(1, LONGEST), core.random())
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

--- open(path [, private]) -> file; or nil and why not, in a line. Write to file.out. A private file
-- can be read by its owner only; another has the rights of the file that it replaces.
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

--- commit() -> true once the file is on the disk and in its place; or nil and why not, in a line,
-- and the old file stays as it was.
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

--- discard(): removes what was not committed.
function File:discard()
  if self.out then self.out:close() end
  if self.temporary then os.remove(self.temporary) end
  self.out, self.temporary = nil, nil
end

File.__close = File.discard

--- replace(path, content [, private]) -> true once the file holds the content; or nil and why not,
-- in a line.
function M.replace(path, content, private)
  local file <close>, problem = M.open(path, private)
  if not file then return nil, problem end
  local written, message = file.out:write(content)
  if not written then return failure(path, message) end
  return file:commit()
end

return M
