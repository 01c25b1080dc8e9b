-- Stands in for the module `system` where a system has busted for Lua 5.4 and not this part of it
-- (Ubuntu 22.04): what busted asks of it. spec/run puts this folder last in the path.

local core = require "codeocean.core"

return {
  gettime = os.time,
  monotime = core.now,
  sleep = function() end,
}
