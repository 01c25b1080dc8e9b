--- Closes a value after a call, for Lua 5.3, which has no <close> variables. Installed as
-- codeocean/lua/close_after.lua.

-- A file's metatable has no __close there.
local function close(value)
  local closer = (debug.getmetatable(value) or {}).__close or value.close
  closer(value)
end

local function finish(value, ok, ...)
  if value then close(value) end
  if not ok then error((...), 0) end
  return ...
end

--- close_after(value, fn, …) -> what fn(…) returns. `value` is closed when fn returns or raises.
return function(value, fn, ...)
  return finish(value, pcall(fn, ...))
end
