--- A simulated machine: the platform it talks to, its files, and the library as each of its
-- processes loads it, with time, chance, files and network simulated.

local engines = require "engine"
local real = require "codeocean.core"

local M = {}

local Machine = {}
Machine.__index = Machine

--- new(world, platform, files) -> a machine.
function M.new(world, platform, files)
  return setmetatable({ world = world, platform = platform, files = files }, Machine)
end

--- latency() -> seconds of one way.
function Machine:latency()
  local slow = self.world.storm.slow or 0
  return 0.01 + self.world:random(1000) / 1e4 + (self.world:chance(slow) and 3 or 0)
end

local function core_of(self, process)
  local world, files = self.world, self.files
  local core = {
    now = function() return world.now end,
    engine = function() return engines.new(self, process) end,
    log_create = function(path) return files:create(path, process) end,
    log_open = function(path) return files:open(path, process) end,
    log_busy = function(path) return files:busy(path, process) end,
    absolute = function(path) return files.by_path[path] and path or nil end,
    make_folder = function() return true end,
    list_folder = function() return {} end,
    whereabouts = function() return "user", "host", "/folder" end,
  }
  return setmetatable(core, { __index = real })
end

-- A simulated file as io.open gives it for reading: what is there at each read.
local function reader(files, path)
  local at, file = 1, {}
  local function rest() return files:content(path):sub(at) end
  function file:read(what)
    local content = rest()
    local part
    if what == "a" then
      part = content
    elseif content == "" then
      return nil
    elseif type(what) == "number" then
      part = content:sub(1, what)
    else
      part = content:match "^[^\n]*\n?"
    end
    at = at + #part
    return (what == "L" or what == "a" or type(what) == "number") and part or (part:gsub("\n$", ""))
  end
  function file:lines(what) return function() return self:read(what or "l") end end
  function file:seek(whence, offset)
    local base = whence == "set" and 1 or whence == "end" and #files:content(path) + 1 or at
    at = base + (offset or 0)
    return at - 1
  end
  function file:close() return true end
  return setmetatable(file, { __close = function() end, __name = "FILE*" })
end

local chunks = {}

local function chunk_of(name, env)
  local text = chunks[name]
  if not text then
    local path = package.searchpath(name, package.path)
    if not path then return nil end
    text = string.dump(assert(loadfile(path)))
    chunks[name] = text
  end
  return load(text, "=" .. name, "b", env)
end

local function environment(self, core)
  local world, files, loaded = self.world, self.files, { ["codeocean.core"] = core }
  local env = setmetatable({}, { __index = _G })
  env.os = setmetatable({
    time = function(t) return t and os.time(t) or 1700000000 + math.floor(world.now) end,
    date = function(form, t) return os.date(form, t or 1700000000 + math.floor(world.now)) end,
    getenv = function(name) return ({ HOME = "/home", XDG_STATE_HOME = "/state" })[name] end,
  }, { __index = os })
  env.io = setmetatable({
    open = function(path, mode)
      if files:content(path) then return reader(files, path) end
      if path:find "^/state" or path:find "^/home" then return nil, path .. ": none", 2 end
      return io.open(path, mode)
    end,
  }, { __index = io })
  env.math = setmetatable({
    random = function(a, b)
      return b and a + world:random(b - a + 1) - 1 or world:random(a or 9)
    end,
  }, { __index = math })
  env.arg = {}
  function env.require(name)
    if loaded[name] == nil then
      local chunk = name:find "^codeocean" and chunk_of(name, env)
      if chunk then loaded[name] = chunk(name) or true else loaded[name] = require(name) end
    end
    return loaded[name]
  end
  return env
end

--- library(process) -> require, as a fresh process on this machine has it.
function Machine:library(process)
  return environment(self, core_of(self, process)).require
end

return M
