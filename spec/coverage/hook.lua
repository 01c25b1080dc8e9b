-- Records which lines of lua/ and scripts/ a colua runs. Each colua that the specs start loads it
-- first (LUA_INIT_5_4); at its end it writes a file in the folder LUA_COVERAGE.

local folder = assert(os.getenv "LUA_COVERAGE")
local seen, names = {}, {}

-- "@/somewhere/lua/codeocean/error.lua", or compiled in "@codeocean/error.lua" -> the path here.
local function name_of(source)
  local inside = source:match "^@codeocean/.*" or source:match "^@colua/.*"
  return source:match "lua/codeocean/.*%.lua$" or source:match "lua/colua/.*%.lua$"
    or source:match "scripts/[%w_]+%.lua$"
    or inside and "lua/" .. inside:sub(2) or false
end

local function count_line(_, line)
  local source = debug.getinfo(2, "S").source
  local name = names[source]
  if name == nil then
    name = name_of(source)
    names[source] = name
  end
  if name then seen[name .. ":" .. line] = true end
end

local written = false
local function write()
  if written then return end
  written = true
  debug.sethook()
  local own = ("%s/%d-%s"):format(folder, os.time(), tostring(seen):match "0x%x+")
  local file = assert(io.open(own, "w"))
  for place in pairs(seen) do file:write(place, "\n") end
  file:close()
end

-- A coroutine has a hook of its own.
local function hooked(body)
  return function(...)
    debug.sethook(count_line, "l")
    return body(...)
  end
end

-- luacheck: ignore 122
local create, wrap, exit = coroutine.create, coroutine.wrap, os.exit
function coroutine.create(body) return create(hooked(body)) end
function coroutine.wrap(body) return wrap(hooked(body)) end
function os.exit(...)
  write()
  exit(...)
end

package.loaded["coverage.end"] = setmetatable({}, { __gc = write })
debug.sethook(count_line, "l")
