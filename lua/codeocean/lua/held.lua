--- A <close> variable for files that an older Lua must be able to read, up to the line that says
-- which Lua is needed. In what is installed for Lua 5.3 packaging/lua53/held.lua stands here.

--- held(value, fn, …) -> what fn(…) returns. `value` is closed then, whatever fn does.
return function(value, fn, ...)
  local _ <close> = value
  return fn(...)
end
