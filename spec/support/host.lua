-- A sandbox, and programs of other projects with Lua inside, which find the module as it was
-- built:
--
--   local here, why = host.begin(finally, "prosody", "lua5.4")     nil and why not
--   local result = here:shell(code, { NAME = "value" })       {status, out, err}
--   here.folder, here.root, here.server

local deployment = require "deployment"
local process = require "process"

local M = {}

local Host = {}
Host.__index = Host

-- Where the modules are for this Lua: those for another than 5.4 are built when they are asked for.
local function paths(root, lua)
  if lua == "lua5.4" then
    return root .. "/lua/?.lua;" .. root .. "/lua/?/init.lua;;",
      process.colua:match "^(.*)/" .. "/?.so;;"
  end
  local built = ("%s/build/%s/"):format(root, lua)
  return built .. "lua/?.lua;" .. built .. "lua/?/init.lua;;", built .. "?.so;;"
end

-- Whether a stock program can load the modules for this Lua: true, or nil and why not. Those for
-- another Lua than 5.4 are built here, by one spec at a time.
local function loads(lua)
  if not process.stock_loads() then return nil, "a stock program cannot load a sanitized build" end
  if lua == "lua5.4" then return true end
  local version = lua:match "%d%.%d"
  local built = process.shell(("mkdir -p build && flock build/%s.lock "
    .. "make rock BUILD=build/%s LUA_VERSION=%s NEEDS=rock"):format(lua, lua, version))
  if built.status ~= 0 then return nil, "the modules cannot be built for " .. lua end
  return true
end

-- The Lua that a program of the system links, "lua5.3"; that of this build if it links none.
function M.lua_of(program)
  local linked = process.shell(("PATH=$PATH:/usr/sbin; ldd $(command -v %s)"):format(program)).out
  return linked:match "lib(lua5%.%d)%.so" or "lua5.4"
end

function M.begin(finally, program, lua)
  local there = process.shell(
    ("PATH=$PATH:/usr/sbin; command -v %s curl >/dev/null"):format(program))
  if there.status ~= 0 then return nil, program .. " is not here" end
  local loadable, why = loads(lua)
  if not loadable then return nil, why end
  local here = deployment.start { seed = 30 }
  finally(function() here:stop() end)
  local root = process.shell("pwd").out:match "[^\n]+"
  return setmetatable({ it = here, folder = here.folder, server = here.server, root = root,
    lua = lua }, Host)
end

-- Runs shell code in the folder.
function Host:shell(code, env)
  local path, cpath = paths(self.root, self.lua)
  local all = self.it:environment { LUA_PATH = path, LUA_CPATH = cpath }
  for name, value in pairs(env or {}) do all[name] = value end
  local lines = { "PATH=$PATH:/usr/sbin\n" }
  for name, value in pairs(all) do
    lines[#lines + 1] = ("export %s=%s\n"):format(name, process.quote(value))
  end
  return process.shell(table.concat(lines) .. code, { cwd = self.folder })
end

-- The names of the newest three assets, a line each, repeated `times` times.
function M.newest(here, times)
  local page = assert(here.it.client.data_assets:search { sort_field = "created", limit = 3 })
  local lines = {}
  for i, asset in ipairs(page.results) do lines[i] = asset.name .. "\n" end
  assert(#lines == 3)
  return table.concat(lines):rep(times)
end

-- A port of loopback where nobody listened just now.
function M.free_port()
  local code = "import socket\n"
    .. "print(socket.create_server(('127.0.0.1', 0)).getsockname()[1])"
  return math.tointeger(tonumber(process.run("python3", { "-c", code }).out))
end

return M
