--- The library as a simulated process loads it: with time, chance, files and network simulated.
--
-- Its modules are loaded once for all histories; whatever they ask of the machine goes to the
-- process that runs. The few that keep state of their process are loaded again for each process.

local engines = require "engine"
local real = require "codeocean.core"

local M = {}

local here -- {world, files, platform, names} of the history that is played

-- Modules that keep something of their process. None of the others may require one of them.
local OWN = { ["codeocean"] = true, ["codeocean.client"] = true, ["codeocean.bulk"] = true,
  ["codeocean.bulk.open_journals"] = true, ["codeocean.bulk.provenance"] = true,
  ["codeocean.bulk.journal.creates"] = true, ["codeocean.input.create_requests"] = true,
  ["colua.undo"] = true }

--- enter(history): from now on this one is played.
function M.enter(history) here = history end

local function process() return here.world.current end

local function path_from_root(path)
  if path:sub(1, 1) == "/" then return path end
  return process().folder .. "/" .. path
end

local function time_of_day() return here.world.clock + here.world.now end

-- What the machine offers -------------------------------------------------------------------------

local core = setmetatable({
  now = function() return here.world.now end,
  time_of_day = time_of_day,
  random = function() return here.names:random(1 << 53) end,
  engine = function() return engines.new(here, process()) end,
  journal_file = function() return here.files:log(path_from_root, process()) end,
  journal_file_busy = function(path) return here.files:busy(path_from_root(path), process()) end,
  absolute = function(path)
    path = path_from_root(path)
    return here.files.by_path[path] and path or nil
  end,
  open_regular = function(path) return here.files:reader(path_from_root(path)) end,
  replaceable = function() return true end,
  folder_problem = function() return nil end,
  make_folder = function() return true end,
  list_folder = function() return {} end,
  whereabouts = function() return "user", "host", process().folder end,
}, { __index = real })

local VARIABLES = { HOME = "/home", XDG_STATE_HOME = "/state" }

local function random(a, b)
  local world = here.world
  return b and a + world:random(b - a + 1) - 1 or world:random(a or 9)
end

local shared = setmetatable({
  os = setmetatable({
    time = function(t) return t and os.time(t) or math.floor(time_of_day()) end,
    date = function(form, t) return os.date(form, t or math.floor(time_of_day())) end,
    getenv = function(name) return VARIABLES[name] end,
  }, { __index = os }),
  io = setmetatable({
    open = function(path) return here.files:reader(path_from_root(path)) end,
  }, { __index = io }),
  math = setmetatable({ random = random }, { __index = math }),
}, { __index = _G })

-- Loading -----------------------------------------------------------------------------------------

local chunks, loaded = {}, { ["codeocean.core"] = core }

local function chunk_of(name, env)
  if not chunks[name] then
    local path = package.searchpath(name, package.path)
    if not path then return nil end
    chunks[name] = string.dump(assert(loadfile(path)))
  end
  return load(chunks[name], "=" .. name, "b", env)
end

function shared.require(name)
  if OWN[name] then error(name .. " keeps something of its process", 2) end
  if loaded[name] == nil then
    local chunk = name:find "^codeocean" and chunk_of(name, shared)
    loaded[name] = chunk and (chunk(name) or true) or require(name)
  end
  return loaded[name]
end

-- This module keeps the inputs that a process has read, in one local table.
local function hashes_by_process()
  local list, i = shared.require("codeocean.input.read_files").list, 0
  local name, hashes
  repeat
    i = i + 1
    name, hashes = debug.getupvalue(list, i)
  until name == "hashes"
  local function own()
    process().inputs = process().inputs or {}
    return process().inputs
  end
  setmetatable(hashes, { __pairs = function() return pairs(own()) end,
    __newindex = function(_, path, hash) own()[path] = hash end })
end

local function commands_of(own)
  return { has_script = function() return own.script ~= nil end,
    load = function(name) return name == "resume" end,
    change_folder = function(folder)
      own.folder = folder
      return true
    end }
end

local is_prepared = false

--- environment(own) -> the globals of that process, as it finds them when it starts.
function M.environment(own)
  if not is_prepared then hashes_by_process() end
  is_prepared = true
  local mine = { ["colua.commands"] = commands_of(own) }
  local env = setmetatable({ arg = { [0] = own.script } }, { __index = shared })
  env._G = env
  function env.require(name)
    if mine[name] == nil and OWN[name] then mine[name] = chunk_of(name, env)(name) end
    return mine[name] or shared.require(name)
  end
  function env.loadfile(path)
    local content = here.files:content(path_from_root(path))
    if not content then return nil, path .. ": none" end
    return load(content, "@" .. path, "t", env)
  end
  return env
end

return M
