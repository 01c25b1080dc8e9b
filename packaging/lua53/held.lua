--- A <close> variable as Lua 5.3 has it.

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

--- held(value, fn, …) -> what fn(…) returns. `value` is closed then, whatever fn does.
return function(value, fn, ...)
  return finish(value, pcall(fn, ...))
end
