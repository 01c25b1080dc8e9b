--- Closes a value after a call, as a <close> variable does.
--
-- Called by files that each Lua must be able to parse, so that Lua 5.1 gets to the line that says
-- which Lua is needed. What is installed for Lua 5.3 has packaging/lua53/close_after.lua instead.

--- close_after(value, fn, …) -> what fn(…) returns. `value` is closed when fn returns or raises.
return function(value, fn, ...)
  local _ <close> = value
  return fn(...)
end
