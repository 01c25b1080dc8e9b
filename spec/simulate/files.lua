--- The file system of a simulated machine: what survives a power cut, locks, full disks.
--
-- A file has the bytes that are durable, and those that were written since the last sync. A power
-- cut loses the latter, or tears them anywhere.

local M = {}

local EEXIST, ENOENT, EWOULDBLOCK, ENOSPC = 17, 2, 11, 28

local Files = {}
Files.__index = Files

--- new(world, on_line) -> an empty file system. on_line(path, line) is called with each line that
-- becomes durable.
function M.new(world, on_line)
  return setmetatable({ world = world, on_line = on_line, by_path = {} }, Files)
end

local Log = {}
Log.__index = Log

local function is_held(file, process)
  return file.holder ~= nil and file.holder ~= process and not file.holder:is_over()
end

--- log(path_from_root, process) -> a log of that process, not open yet.
function Files:log(path_from_root, process)
  return setmetatable({ files = self, process = process, path_from_root = path_from_root }, Log)
end

local function open(self, path)
  self.path, self.file = path, self.files.by_path[path]
  self.file.holder = self.process
  return true
end

--- put(path, content): a file as somebody leaves it.
function Files:put(path, content) self.by_path[path] = { durable = content, written = "" } end

function Log:create(path)
  path = self.path_from_root(path)
  if self.files.by_path[path] then return nil, "File exists", EEXIST end
  self.files:put(path, "")
  return open(self, path)
end

function Log:open(path)
  path = self.path_from_root(path)
  local file = self.files.by_path[path]
  if not file then return nil, "No such file or directory", ENOENT end
  if is_held(file, self.process) then
    return nil, "Resource temporarily unavailable", EWOULDBLOCK
  end
  return open(self, path)
end

function Log:is_of(reader) return reader.path == self.path end

function Files:busy(path, process)
  local file = self.by_path[path]
  return file ~= nil and is_held(file, process)
end

--- content(path) -> what a reader sees, or nil.
function Files:content(path)
  local file = self.by_path[path]
  return file and file.durable .. file.written
end

--- paths() -> every path, sorted.
function Files:paths()
  local paths = {}
  for path in pairs(self.by_path) do paths[#paths + 1] = path end
  table.sort(paths)
  return paths
end

-- A kill, or a full disk, in the middle of a write leaves some of it.
local function write_some(self, text)
  self.file.written = self.file.written .. text:sub(1, self.files.world:random(#text) - 1)
end

function Log:append(text)
  local world = self.files.world
  if is_held(self.file, self.process) then
    self.files.problem = ("%s wrote %s, which another process has"):format(self.process.name,
      self.path)
  end
  if world:fault "full_disk" then
    write_some(self, text)
    return nil, "No space left on device", ENOSPC
  end
  if world:fault "kill_write" then
    write_some(self, text)
    world:kill(self.process)
  end
  self.file.written = self.file.written .. text
  return true
end

function Log:sync()
  local world = self.files.world
  if world:fault "kill_sync" then
    if world:chance(0.5) then self.files:settle(self.file, self.path) end
    world:kill(self.process)
  end
  self.files:settle(self.file, self.path)
  return true
end

--- settle(file, path): all that was written is durable now.
function Files:settle(file, path)
  for line in file.written:gmatch "[^\n]+\n" do self.on_line(path, line) end
  file.durable, file.written = file.durable .. file.written, ""
end

function Log:size() return #self.file.durable + #self.file.written end

function Log:truncate(bytes)
  local file = self.file
  file.written = file.written:sub(1, math.max(bytes - #file.durable, 0))
  file.durable = file.durable:sub(1, bytes)
  self.files:settle(file, self.path)
  return true
end

function Log:fresh() return self:size() == 0 end

function Log:close()
  if self.file and self.file.holder == self.process then self.file.holder = nil end
end

Log.__close = Log.close

--- power_cut(): of what was not synced some bytes may be left.
function Files:power_cut()
  for _, path in ipairs(self:paths()) do
    local file = self.by_path[path]
    local kept = self.world:random(#file.written + 1) - 1
    if kept < #file.written then self.world:count "torn file" end
    file.written = file.written:sub(1, kept)
    self:settle(file, path)
  end
end

-- Reading -----------------------------------------------------------------------------------------

local Reader = { __name = "FILE*" }
Reader.__index = Reader

--- reader(path) -> the file as io.open gives it for reading: what is there at each read; or nil.
function Files:reader(path)
  if not self.by_path[path] then return nil, path .. ": No such file or directory", ENOENT end
  return setmetatable({ files = self, path = path, at = 1 }, Reader)
end

function Reader:read(what)
  what = what or "l"
  local content = self.files:content(self.path)
  if what == "a" then
    local rest = content:sub(self.at)
    self.at = #content + 1
    return rest
  elseif self.at > #content then
    return nil
  end
  local last = type(what) == "number" and self.at + what - 1
    or content:find("\n", self.at, true) or #content
  local part = content:sub(self.at, last)
  self.at = self.at + #part
  return what == "l" and (part:gsub("\n$", "")) or part
end

function Reader:lines(what) return function() return self:read(what) end end

function Reader:seek(whence, offset)
  local base = whence == "set" and 1 or whence == "end" and #self.files:content(self.path) + 1
    or self.at
  self.at = base + (offset or 0)
  return self.at - 1
end

function Reader:close() return self ~= nil end

Reader.__close = Reader.close

return M
