--- The option `wait` of a client in a copas loop; copas 4 or later.

local copas = require "copas"
local loop = require "codeocean.loop"

-- An object that copas treats as a socket: it has nothing to read until copas waited for it once.
local function socket_of(descriptor)
  local state = "timeout"
  return {
    getfd = function() return descriptor end,
    settimeout = function() return true end,
    close = function() state = "closed" end,
    receive = function()
      local before = state
      state = "closed"
      return nil, before, ""
    end,
  }
end

local function watch(descriptor, seconds, wake)
  local socket, stopped = socket_of(descriptor), false
  copas.settimeouts(socket, nil, nil, seconds)
  copas.addthread(function()
    copas.receive(socket)
    if not stopped then wake() end
  end)
  return function()
    stopped = true
    copas.close(socket)
  end
end

return loop.hook { watch = watch, suspend = copas.pauseforever, resume = copas.wakeup }
