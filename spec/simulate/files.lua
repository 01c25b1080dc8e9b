--- The file system of a simulated machine: what survives a power cut, locks, full disks.
--
-- A file has the bytes that are durable, and those that were written since the last sync. A power
-- cut loses the latter, or tears them anywhere.

local M = {}

local EEXIST, ENOENT, EWOULDBLOCK, ENOSPC = 17, 2, 11, 28

local Files = {}
Files.__index = Files

--- new(world) -> an empty file system. on_line(path, line) is told each line that becomes durable.
function M.new(world, on_line)
  return setmetatable({ world = world, on_line = on_line, by_path = {} }, Files)
end

local Log = {}
Log.__index = Log

local function is_alive(process) return process and not process.killed and not process.ended end

local function open(self, path, process)
  local file = self.by_path[path]
  file.holder = process
  return setmetatable({ files = self, file = file, path = path, process = process }, Log)
end

function Files:create(path, process)
  if self.by_path[path] then return nil, "File exists", EEXIST end
  self.by_path[path] = { durable = "", written = "" }
  return open(self, path, process)
end

function Files:open(path, process)
  local file = self.by_path[path]
  if not file then return nil, "No such file or directory", ENOENT end
  if is_alive(file.holder) and file.holder ~= process then
    return nil, "Resource temporarily unavailable", EWOULDBLOCK
  end
  return open(self, path, process)
end

function Files:busy(path, process)
  local file = self.by_path[path]
  return file ~= nil and is_alive(file.holder) and file.holder ~= process
end

--- content(path) -> what a reader sees, or nil.
function Files:content(path)
  local file = self.by_path[path]
  return file and file.durable .. file.written
end

-- A kill in the middle of a write leaves some of it.
function Log:append(text)
  local world = self.files.world
  if world.storm.full_disk and world:chance(world.storm.full_disk) then
    self.file.written = self.file.written .. text:sub(1, world:random(#text) - 1)
    return nil, "No space left on device", ENOSPC
  end
  if world.storm.kill_write and world:chance(world.storm.kill_write) then
    self.file.written = self.file.written .. text:sub(1, world:random(#text) - 1)
    world:kill(self.process)
  end
  self.file.written = self.file.written .. text
  return true
end

function Log:sync()
  local world = self.files.world
  if world.storm.kill_sync and world:chance(world.storm.kill_sync) then
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
  local all = self.file.durable .. self.file.written
  self.file.durable, self.file.written = all:sub(1, bytes), ""
  return true
end

function Log:fresh() return self:size() == 0 end

function Log:close()
  if self.file.holder == self.process then self.file.holder = nil end
end

--- power_cut(): of what was not synced some bytes may be left.
function Files:power_cut()
  local paths = {}
  for path in pairs(self.by_path) do paths[#paths + 1] = path end
  table.sort(paths) -- the order of a table's names is another in each process
  for _, path in ipairs(paths) do
    local file = self.by_path[path]
    local kept = self.world:random(#file.written + 1) - 1
    file.durable, file.written = file.durable .. file.written:sub(1, kept), ""
  end
end

return M
