--- The option `wait` of a client in a Prosody module: calls in an async context (an HTTP handler, a
-- module:hook in a runner) let the server go on; calls elsewhere block it.

local async = require "util.async"
local loop = require "codeocean.loop"
local server = require "net.server"
local timers = require "util.timer"

local function watch(descriptor, seconds, wake)
  local watched = server.watchfd(descriptor, wake)
  -- a timer whose function returns nothing is not set again
  local timer = seconds and timers.add_task(seconds, function() wake() end)
  return function()
    watched:close()
    if timer then timers.stop(timer) end
  end
end

local resumers = setmetatable({}, { __mode = "k" })

local function suspend(thread)
  local wait, resume = async.waiter()
  resumers[thread] = resume
  wait()
end

local function resume(thread)
  local fn = resumers[thread]
  resumers[thread] = nil
  fn()
end

return loop.hook { watch = watch, suspend = suspend, resume = resume }
