--- The option `wait` of a client in HAProxy's Lua: tasks, services and actions. HAProxy cannot
-- watch a descriptor for Lua, so the client is stepped every hundredth of a second.

local loop = require "codeocean.loop"

-- luacheck: globals core
return loop.pause(function(seconds) core.msleep(math.ceil(seconds * 1000)) end)
