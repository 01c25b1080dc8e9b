--- What a script finds that nobody vouches for (colua --restrict): Lua without files, programs,
-- environment, C and byte code; the network through a client that the user configured.
--
-- A script without `debug` reaches what it is given and what hangs on that. So it is given copies
-- of the library's tables, and neither gets nor changes a metatable that it did not set itself:
-- with that of strings it could stand in for every ("…"):format of ours.

local M = {}

-- Of each library what is allowed; true: as it is.
local BASE = { "assert", "error", "ipairs", "next", "pairs", "pcall", "print", "rawequal", "rawget",
  "rawlen", "rawset", "select", "tonumber", "tostring", "type", "xpcall", "_VERSION" }

local LIBRARIES = {
  coroutine = { "close", "create", "isyieldable", "resume", "running", "status", "wrap", "yield" },
  math = { "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "huge",
    "log", "max", "maxinteger", "min", "mininteger", "modf", "pi", "rad", "random", "randomseed",
    "sin", "sqrt", "tan", "tointeger", "type", "ult" },
  os = { "clock", "date", "difftime", "exit", "time" },
  string = { "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "pack",
    "packsize", "rep", "reverse", "sub", "unpack", "upper" },
  table = { "concat", "insert", "move", "pack", "remove", "sort", "unpack" },
  utf8 = { "char", "charpattern", "codepoint", "codes", "len", "offset" },
}

local MODULES = {
  ["codeocean"] = { "is_error", "is_id", "json", "null", "version" },
  ["codeocean.bulk"] = { "STATUSES" },
  ["codeocean.ids"] = { "canonical", "read", "valid" },
  ["codeocean.json"] = { "array", "decode", "encode", "null" },
  ["codeocean.tags"] = { "change" },
}

-- The deployment, the token and what they are trusted by are the user's to choose.
local CLIENT = { "timeout", "connect_timeout", "deadline", "retries", "jobs", "dialect", "rate",
  "answer_max", "dry_run", "trace" }

-- Neither a journal's name nor one to resume: both are files.
local RUN = { "name", "select", "ids", "change", "action", "limit", "jobs", "dry_run", "shard",
  "confirm", "fail_fast", "max_errors", "max_delete", "allow_unarchived", "stop", "on_event" }

local function some(library, names)
  local copy = {}
  for _, name in ipairs(names) do
    local value = library[name]
    copy[name] = type(value) == "table" and table.move(value, 1, #value, 1, {}) or value
  end
  return copy
end

-- The fields of a table of the script's, past its metamethods.
local function taken(options, names, what)
  local known, copy = {}, {}
  for _, name in ipairs(names) do known[name] = true end
  if options ~= nil and type(options) ~= "table" then error(what .. ": table expected", 3) end
  for name, value in next, options or {} do
    if not known[name] then
      error(("%s: %s is not for a restricted script"):format(what, tostring(name)), 3)
    end
    copy[name] = value
  end
  return copy
end

-- What a client is given, so that the library is handed none that the script made up.
local function add_client(modules)
  local new, made = require("codeocean.client").new, setmetatable({}, { __mode = "k" })
  modules["codeocean"].client = function(options)
    local client, problem = new(taken(options, CLIENT, "client"))
    if client then made[client] = true end
    return client, problem
  end
  modules["codeocean"].json = modules["codeocean.json"]
  return made
end

local function add_bulk(module, made)
  local bulk = require "codeocean.bulk"
  local function guarded(name)
    return function(client, spec)
      if not made[client] then error(name .. ": client expected", 2) end
      local journal = type(spec) == "table" and rawget(spec, "journal")
      local kept = journal == false and {} or nil
      if kept then
        for key, value in next, spec do if key ~= "journal" then kept[key] = value end end
      end
      local checked = taken(kept or spec, RUN, name)
      if checked.name ~= nil and type(checked.name) ~= "string" then
        error(name .. ": name: string expected", 2)
      end
      if kept then checked.journal = false end
      return bulk[name:match("%a+$")](client, checked)
    end
  end
  module.run, module.main = guarded "bulk.run", guarded "bulk.main"
end

local function add_require(env)
  local modules = {}
  for name, names in pairs(MODULES) do modules[name] = some(require(name), names) end
  add_bulk(modules["codeocean.bulk"], add_client(modules))
  function env.require(name)
    local module = modules[name]
    if module then return module end
    error(("module '%s' is not for a restricted script"):format(tostring(name)), 2)
  end
end

local function add_metatables(env)
  local own = setmetatable({}, { __mode = "k" })
  function env.getmetatable(value)
    local meta = getmetatable(value)
    return own[meta] and (meta.__metatable or meta) or nil
  end
  function env.setmetatable(value, meta)
    local old = getmetatable(value)
    if old ~= nil and not own[old] then
      error("this metatable is not for a restricted script to change", 2)
    end
    setmetatable(value, meta)
    if meta ~= nil then own[meta] = true end
    return value
  end
end

-- Text only: byte code can break the interpreter.
local function add_load(env)
  function env.load(chunk, name, _, ...)
    if select("#", ...) > 0 then return load(chunk, name, "t", (...)) end
    return load(chunk, name, "t", env)
  end
end

--- environment(arguments) -> what such a script has for its globals.
function M.environment(arguments)
  local env = some(_G, BASE)
  for name, names in pairs(LIBRARIES) do env[name] = some(_G[name], names) end
  env._G, env.arg = env, table.move(arguments, 0, #arguments, 0, {})
  add_metatables(env)
  add_load(env)
  add_require(env)
  return env
end

return M
